//! The text of `yingxin --help` that clap does not generate: the commands by task, examples, exit codes.

/// The order of the parts of `yingxin --help`.
pub const TEMPLATE: &str =
    "{about}\n\n{usage-heading} {usage}\n\n{before-help}\n{options}\n\n{after-help}";

/// Each command in a line, by the time of day it is needed.
pub const COMMANDS: &str = "\
\x1b[1;4mAt the desk:\x1b[0m
  kiosk        Run a real desk, as yingxin.toml configures it (the default)
  practice     Run a desk with a simulated campus: nothing in it is real
  pin          Set the volunteer's PIN
  visits       list visits, masked; forget NUMBER erases a student (asks for the PIN)
  tickets      list, show NUMBER or export the hotline tickets (asks for the PIN)
  card         Print the volunteer's page, or (--poster) the page for the wall
  report       The numbers of a day: text, csv, html or json

\x1b[1;4mBefore the doors open:\x1b[0m
  setup        Make a desk by a form, from answers or from an export; and check it
  desk         export FILE or import FILE: the same desk on the next machine
  config init  Write a commented yingxin.toml
  config check Print the settings in effect and their sources
  doctor       Check the terminal, the store, the clock and each gateway
  pack new     Write a commented campus pack
  pack check   Name the faults and the open values of a pack
  roster       import FILE, stats or clear: the list of expected students
  theme        list, or preview NAME
  qr           Print a QR code, or read one from an image

\x1b[1;4mFor trainers and administrators:\x1b[0m
  store        check, rebuild, backup, restore, stats or rekey
  clock        confirm: this machine's clock is right
  audit        verify or accept the journal, or show the events of a visit
  campus       Run the simulated campus alone
  completions  Print a shell completion script
  man          Print the man page, or write all of them to a folder
  help         Print a reference (help TOPIC) or the help of a command

\x1b[1;4mOptions, before or after a command:\x1b[0m";

/// Examples and exit codes.
pub const AFTER: &str = "\
\x1b[1;4mExamples:\x1b[0m
  yingxin practice                        try everything, on this machine alone
  yingxin config init && yingxin pin      prepare a real desk
  yingxin --lang en --theme light         begin in English, in light colours
  yingxin qr --read poster.jpg            print the text of the poster's code
  yingxin qr https://example.edu.cn/      as large as this window allows
  yingxin help config                     every setting of yingxin.toml

\x1b[1;4mExit codes:\x1b[0m
   0 success                  1 failure                 2 wrong command line
  65 wrong data              66 no such file or terminal
  69 the campus does not answer
  73 cannot create a file    74 reading or writing failed
  75 another desk runs here  77 no permission          78 wrong configuration";

/// [`COMMANDS`] in Chinese.
pub const COMMANDS_ZH: &str = "\
\x1b[1;4m在台前：\x1b[0m
  kiosk        按 yingxin.toml 运行正式的迎新台（不写命令时就是它）
  practice     运行一台连着模拟校园的迎新台：里面的一切都不是真的
  pin          设定志愿者的 PIN
  visits       list 列出办理记录（打码）；forget 学号 抹掉一名学生（要 PIN）
  tickets      list、show 号码 或 export：给热线的工单（要 PIN）
  card         打印志愿者卡，或（--poster）墙上的海报
  report       一天的数字：text、csv、html 或 json

\x1b[1;4m开门之前：\x1b[0m
  setup        建立迎新台：用表单、回答或导出；并检查一遍
  desk         export 文件 或 import 文件：下一台电脑上同样的台子
  config init  写一份带注释的 yingxin.toml
  config check 打印生效的设置及其来源
  doctor       检查终端、存储、时钟和每个接口
  pack new     写一份带注释的学校数据包
  pack check   列出数据包的错误和还没填的值
  roster       import 文件、stats 或 clear：应到学生的名单
  theme        list 列出配色，preview 名称 预览
  qr           打印二维码，或读出图片里的二维码

\x1b[1;4m给培训者和管理员：\x1b[0m
  store        check、rebuild、backup、restore、stats 或 rekey
  clock        confirm：本机的时钟是对的
  audit        核验或接受日志（verify、accept），或显示一次办理的经过
  campus       只运行模拟校园
  completions  打印 shell 的补全脚本
  man          打印手册页，或把全部手册页写进一个文件夹
  help         打印参考手册（help 主题）或某个命令的说明

\x1b[1;4m选项，写在命令之前或之后：\x1b[0m";

/// [`AFTER`] in Chinese.
pub const AFTER_ZH: &str = "\
\x1b[1;4m例子：\x1b[0m
  yingxin practice                        只用这台电脑，什么都试一试
  yingxin config init && yingxin pin      准备正式的迎新台
  yingxin --lang en --theme light         以英文、浅色开始
  yingxin qr --read poster.jpg            打印海报上二维码的内容
  yingxin qr https://example.edu.cn/      窗口能放下多大就多大
  yingxin help config                     yingxin.toml 的每一项设置

\x1b[1;4m退出码：\x1b[0m
   0 成功                      1 失败                    2 命令行有误
  65 数据有误                 66 没有这个文件或终端
  69 校园没有答复
  73 文件建不了               74 读写失败
  75 已有迎新台在这里运行     77 没有权限               78 配置有误";

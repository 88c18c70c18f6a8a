### 迎新台的全部用语。写法：像一位愿意帮忙的人，短，客气，用手册里的说法（统一身份认证、微校园助手、在校师生、关注身份验证、企业微信）。
### 界面上的名称放在【】里。不用带圈数字，不用弯引号、省略号和破折号：终端里它们的宽度不定。

## 每一屏都有的

desk-name = { $n } 号台
desk-kind = 迎新台
practice-banner = 一切都是模拟的，不会真的注册；按 F9 用练习手机
step-notice = 告知
step-identity = 登录
step-vouched = 证件
step-number = 手机号
step-follow = 关注
step-verify = 验证
do-next = 继续
do-back = 返回
do-help = 帮助
do-theme = 配色
do-volunteer = 志愿者
do-practice-phone = 练习手机
do-close = 关闭
do-read = 上下翻
do-field = 换一栏
do-reveal = 看密码
do-clear = 清空
do-retry = 再试一次
keypad-delete = 删除
keypad-ok = 确定
do-step-aside = 先让下一位办
short-volunteer = 志愿者
short-retry = 再试
short-already-old = 是老学号
short-grant-anew = 换码
short-grant-password = 用密码
short-step-aside = 让下一位
short-tell = 放大号码
short-send = 发送
short-resend = 重发
short-change-number = 换号
short-practice-phone = 手机
short-here = 在这里办
short-scanned = 扫好了
short-pickup = 续办号
short-agree = 同意
short-leave = 不同意
short-unbind-other = 换账号
short-to-phone = 用手机
short-to-desk = 在这里
short-leave-for-now = 先离开
least-step-aside = 下一位
least-tell = 放大
least-to-phone = 手机
least-to-desk = 这里
way-to-phone = 用手机办
way-to-desk = 在这里办
store-full = 请叫志愿者：本机磁盘已满。这位同学可以办完，暂时不能接待下一位。
store-failed = 请叫志愿者：本机现在存不了数据。没有存好的步骤不会显示完成。
store-read-only = 请叫志愿者：本机磁盘变成了只读，存不了数据。没有存好的步骤不会显示完成。
store-damaged = 志愿者请留意：本机有个别记录损坏，其余都已恢复，请告诉管理员。
clock-doubted = 请志愿者看一下：本机时间是 { $moment }。对的话，按 F10 再按 L 确认；不对，请先把时间校准。
store-unproved = 志愿者请留意：本机记录的结尾标记缺失或过旧，看不出有没有少记录，请告诉管理员。
store-as-root = 志愿者请留意：这台迎新台正以 root 运行，不安全，请告诉管理员。
store-rebuilt = 志愿者请留意：上次没有正常退出，数据已经核对并恢复。
numbers-few = 志愿者请留意：续办号只剩 { $n } 个。请在等着的人里，把不用再办的结束掉。
numbers-none = 请叫志愿者：续办号用完了，现在先放一放的登记没有号码，要按学号或姓名找。
small-title = 窗口太小
small-columns = 还差 { $n } 列
small-rows = 还差 { $n } 行

## 正在等的事

wait-sign-in = 正在核对身份。
wait-sign-in-slowed = 本机刚才输错密码的次数较多，核对会慢一些，请稍候。志愿者按 F10 输入 PIN 即可恢复。
wait-grant = 正在等您在手机上登录。
wait-find-member = 正在查看绑定情况。
wait-bind-number = 正在登记手机号。
wait-send-code = 正在发送验证码。
wait-check-code = 正在请学校核对验证码。
wait-confirm-member = 正在完成验证。
wait-unbind = 正在删除老学号的绑定。
wait-at-most = { $words }最多等 { $n } 秒，按 Esc 可以不等。

in-seconds = { $n } 秒
in-minutes = { $n } 分钟
word-wait = 请稍等
word-trouble = 请看这里
word-store = 本机
word-clock = 时间
word-practice = 练习
word-gave-way = 志愿者
word-scan = 扫码枪
gave-way = 请告诉刚才那位同学：续办号 { $pickup }，回来时要用。
patience-left = 不用着急，这里还等您 { $n } 分钟。还在的话按空格键，从头再等。

## 启动和欢迎

starting-title = 马上就好
starting-words = 正在打开上次的记录，请稍等。
welcome-title = 欢迎新同学
welcome-scan = 用微信扫这个二维码
welcome-scan-after = 扫完按 S，一步一步带您做。
welcome-here = 或者按 Enter
welcome-here-after = 就在这里办，大约三分钟。
welcome-phone-way = 按 Enter 开始
welcome-phone-way-after = 用您的手机办，这里一步一步带您做。
welcome-enter = 在这里办
welcome-enter-phone = 开始
welcome-scanned = 我扫好了
welcome-other = 换学号或教工
welcome-pickup = 有续办号
welcome-short = 扫不了，就在微信里打开：
welcome-no-qr = 请叫志愿者：注册二维码还没有放进来。
welcome-no-qr-way = 不用等，按 Enter 也能办。
welcome-qr-too-large = 窗口太小，画不下二维码。
welcome-closed = 这台机器现在不能接待，请去旁边的迎新台。
pickup-title = 接着办
pickup-ask = 请输入续办号，一共七位数字。
pickup-wait = 连续几个号都没查到。请核对号码，稍等片刻再按 Enter；着急请叫志愿者（F8）。
pickup-missed = 没有找到这个续办号。请核对一遍，或者请志愿者帮忙。
pickup-foreign = 这是 { $desk } 号台的号，请到 { $desk } 号台。
pickup-length = 续办号一共七位数字，请再看一下。
pickup-character = 续办号里只有数字。
pickup-check = 号码输错了：有一位不对，或者两位换了位置。请再核对一遍。
scan-not-here = 扫到的内容没有填入：这一页不用扫码。
scan-secret = 扫到的内容没有填入：密码和 PIN 请用键盘输入。
scan-no-number = 扫到的内容没有填入：不是学号，也不是续办号。请再扫一次，或者用键盘输入。

## 告知

notice-title = 开始之前，请您知道
notice-title-desk = 在这里办之前，请您知道
notice-by-phone = 不同意，接着用手机办
notice-who = 谁在收集
notice-why = 为了什么
notice-what = 收集什么
notice-days = 最多保存 { $n } 天。
notice-how-long = 保存多久
notice-whom-to-ask = 有疑问找谁
notice-agree = 同意，开始办理
notice-leave = 不同意，离开

## 登录

identity-title = 登录统一身份认证
identity-words = 用户名是学号，密码和学校统一身份认证平台的一样。
identity-number = 学号
identity-password = 密码
identity-submit = 登录
identity-password-empty = 请输入密码。
identity-revealed = 密码显示三秒，请留意身边的人。
identity-keys = 密码只用来登录，不保存。
identity-signed-in = 身份核对好了。
identity-wide = 密码里好像有全角或中文字符，请看一下输入法。
identity-slow = 学校的认证系统有些慢，请多等一会儿。
identity-down = 学校的认证系统暂时用不了。可以先试一次，也可以{ $phone ->
    [yes] 按 F5 改用自己的手机办
   *[no] 请叫志愿者（F8）
}。
identity-vouch = 带了证件？请志愿者按 F10，看过证件也能先往下办。
grant-title = 用手机登录统一身份认证
grant-scan = 用手机扫一扫，在自己的手机上登录，再点同意。
grant-scan-plain = 用手机扫一扫，在打开的页面里输入下面的码，再登录、同意。
grant-no-qr = 请用手机浏览器打开上面的网址，输入下面的码，再登录、同意。
grant-no-password = 密码只在手机上输，不用在这里输。
grant-same-code = 手机上的码应当是：
grant-type-code = 要输入的码：
grant-by-hand = 扫不了，请用手机浏览器打开：
grant-waits = 登录好了，这里会自己接着办。可以慢慢来，这里至少等您 { $n } 分钟。
grant-not-heard = 学校的认证系统暂时没有回应。手机上请照常办，这里会一直再问。
grant-asking = 正在取登录用的二维码，请稍等。按 Esc 可以不等。
grant-none = 可以再取一个码，也可以换一种方式。
grant-anew = 换一个码
grant-begin = 用手机扫码登录
grant-password = 改用密码
unbind-title = 解绑老学号：先登录
unbind-words = 请用【老学号】登录，不是新学号。登录以后还要您确认，才会删除。
unbind-grant-who = 请在手机上用【老学号】登录，不是新学号。
unbind-cannot-sign-in = 老学号登录不了？不用登录也能解绑：用自己的手机办。
unbind-cannot-sign-in-here = 老学号登录不了？请叫志愿者（F8），或者按 F4 看服务电话。
unbind-confirm-title = 解绑老学号：请看清楚再确认
unbind-what = 要删除的是：老学号 { $student } 在学校企业微信里的账号，连同它绑定的微信和手机号。
unbind-after = 删除以后不能恢复。新学号要接着这里往下办，才会绑上。
unbind-type = 确认删除，请输入老学号的最后 { $n } 位
unbind-wrong = 输入的不对，什么都没有删除。请看一下老学号，再输一次。
unbind-nothing-yet = 按 Enter 以前，什么都不会删除。
unbind-do = 确认删除
unbind-other = 不是这个账号
student-number-empty = 请输入学号。
student-number-character = 学号里只能有{ $letters ->
    [yes] 字母和数字
   *[no] 数字
}。
student-number-short = 学号至少 { $n } 位，请再看一下。
student-number-long = 学号最多 { $n } 位，请再看一下。

## 忘记密码

forgotten-title = 忘记密码
forgotten-ask = 您在哪个校区？
forgotten-campus = 选 { $digit }
forgotten-unknown = 不知道选哪个？工作人员会告诉您。
forgotten-call = 请打服务电话
forgotten-digit = 接通后按 { $digit }
forgotten-after = 重置好密码，再回来登录。

## 手机号

number-title = 填写手机号
number-of-wechat = 务必使用微信绑定的手机号。
number-only = 本号码将作为您登录企业微信的唯一手机号。
number-other-case = 微信绑的是别的号码？可以，关注后再验证。
number-other-is-right = 您的微信绑的是别的号码，这样填没有问题：关注以后再验证一次。
number-code-comes = 验证码会发到这个号码。
number-label = 手机号
number-code = +86
number-example = 如 138 0013 8000
number-submit = 下一步
number-good = 号码没问题，按 Enter 继续。
number-empty = 请输入十一位手机号。
number-character = 手机号里只能有数字。
number-short = 还差 { $n } 位。
number-long = 多了几位，手机号一共十一位。
number-not-mobile = 这不像大陆的手机号，请再看一下。
number-foreign = 境外的号码这里办不了，请叫志愿者（F8），会帮您找别的办法。
number-queued = 手机号已经记下。校园系统连上，这里会自己登记，自己往下走。可以等一会儿，也可以先离开。
number-another = 换一个号码
number-unbind-old = 是我的老学号绑的，先解绑
number-volunteer = 叫志愿者
number-again = 再登记一次
number-vouched = 志愿者看过您的证件。手机号先记下，回来登录一次以后才绑定。

## 提问

ask-wechat-number-title = 您的微信，绑定的是这个手机号吗？
ask-wechat-number-title-phone = 您的微信，绑定的是刚才在手机上填的那个号码吗？
ask-wechat-number-title-before = 您的微信，绑定的是您要登记的手机号吗？
ask-wechat-number-words = 看微信绑定的号码，不是看手机里插的卡。
ask-wechat-number-yes = 是，就是这个号码
ask-wechat-number-no = 不是，微信绑的是别的号码
ask-wechat-number-unsure = 不确定
ask-wechat-number-look = 在微信里看一看：
ask-wechat-number-path = 我 > 设置 > 帐号与安全 > 手机号
ask-wechat-number-path-after = 看好了再回来选 1 或 2。还是不确定，再按一次 3，先往下做。

## 关注

follow-title = 用微信关注【{ $account }】
follow-words = 用微信扫二维码，点【关注】。
follow-words-no-qr = 在微信里找到并关注【{ $account }】。
follow-no-qr = 请叫志愿者：关注二维码还没有放进来。
follow-notices = 关注好了，这里会自己看到；按 Enter 马上再看一次。
follow-said-by-hand = 关注好了，请按 Enter。
follow-submit = 关注好了
follow-looking = 正在看，请稍等。
follow-wait = 再等等，再看一次
follow-not-working = 还是不行
follow-phone-shows = 手机上显示关注成功了
follow-not-seen-ways = 微信里点过【关注】了吗？刚关注的，可能要等几秒。
follow-then-verify = 关注好了还要验证一次手机号，请按 Enter。
follow-down = 暂时查不到关注情况。关注好了，请按 Enter。
follow-late = 关注了，这里还没有反应？
follow-late-why = 可能您的微信绑定的是别的手机号。
follow-other-case = 是别的号码
follow-check = 再查一次

## 验证码

sms-text = 迎新登记验证码 { $code }，五分钟内有效，请不要告诉别人。
verify-title = 输入短信验证码
verify-send-words = 验证码会发到 { $mobile }。
verify-send = 发送验证码
verify-sent = 验证码已发到 { $mobile }。
verify-delivered = 短信已送达。请输入六位数字，输完自动提交。
verify-undelivered = 短信没有送到。手机有信号吗？可以重新发送，或者换手机号。
verify-type = 请输入六位数字，输完自动提交。
verify-ends = 验证码还有 { $minutes }:{ $seconds } 有效。
verify-resend-in = { $n } 秒后可以重新发送
verify-resend = 重新发送
verify-resend-same = 还在有效期内，重发的是同一个验证码。
verify-resend-new = 重发的是新验证码，请输入最后收到的那一个。
verify-change-number = 换手机号
verify-accepted = 验证码正确，正在完成最后一步。
verify-down = 短信暂时发不出去。请稍等再试；着急就按 F1 先离开，拿个续办号，回头接着办。

## 手机上怎么做

coach-title = 请看您的手机
coach-ask = 现在手机上显示的是什么？
coach-number = 请填这个号码
coach-version = 按微信 { $n } 的界面画的，您的可能稍有不同。
coach-tap = 点这里
coach-tell = 放大显示号码

# The number that the phone was given, typed here too, so that it stands large.
tell-title = 要把号码放大显示吗？
tell-words = 一会儿手机上要再填一次同一个号码。在这里输入，就大字显示给您照着填；不输也行。
tell-good = 号码没问题，按 Enter 放大显示。
tell-show = 放大显示
tell-skip = 不用，跳过
help-back = 好的，回去继续
lead-cache-title = 这是旧身份，先不要填
lead-cache-words = 手机直接显示填写手机号，没有要您登录，说明微信里还留着以前的身份。
    请不要往下填。先在微信里：我 > 设置 > 通用 > 存储空间，清理缓存，再重新扫码。
    还是这样，请在应用商城下载企业微信 APP，用它扫码办理。
lead-scan-title = 怎么扫
lead-scan-words = 打开微信，点右上角的加号，选【扫一扫】，对准屏幕上的二维码，等手机自己跳转。
    要用企业微信扫的，就打开企业微信，用它的【扫一扫】。
lead-scan-fails-title = 扫不出来
lead-scan-fails-words = 还没扫的，回去扫就行。扫不出来，请离屏幕一步左右，让整个二维码都在手机的框里；反光就换个角度，也可以按 F3 换个配色再扫。
    还是不行，请举手，志愿者会过来。
lead-unknown-title = 请叫志愿者
lead-forgotten-words = 密码和学校统一身份认证平台的一样。忘记了，按 F4 看服务电话，重置后再来。
lead-unknown-words = 这一步这里说不清楚，请志愿者过来看一下您的手机。
lead-volunteer-title = 请叫志愿者
lead-volunteer-words = 请举手，志愿者会过来看您的手机。已经做好的都在，不用重来。
lead-number-taken-words = 请举手，志愿者会过来。号码在家人那里，就换一个；在您以前的账号上，就先解绑；都不是，请志愿者开工单，让服务台查是谁在用。已经做好的都在，不用重来。
lead-volunteer-hotline = 也可以打服务电话 { $number }。

## 结果

bound-title = 绑定成功
bound-name = { $name }，欢迎您！
bound-words = 以后在企业微信和微信里，都能收到学校的通知。
bound-next = 请让下一位同学过来
noted-title = 已按您说的记下
noted-words = 这里还没有看到结果，所以先记下您说的。
noted-true-when = 办成了，手机微信里会有【{ $account }】，点进去能看到学校的应用。
noted-true-when-no-account = 办成了，手机上会说已经绑定，能看到学校的应用。
noted-later = 稍后会替您再查一次；没查到，志愿者会联系您。
noted-else = 看不到的话，请不要走，按 F8 叫志愿者。
noted-next = 手机上看到了，请让下一位同学过来
noted-already-title = 手机说已经绑定，先记下
noted-already-words = 这里没有查过这个学号，所以只记下您手机上看到的。
already-title = 您已经绑定过了
already-words = 这个学号已经绑定了企业微信，不用再办。
already-old = 这是老学号，我换了学号
already-words-lost = 不是您自己绑的，或者换了手机？请叫志愿者（F8）。
done-submit = 完成
stuck-title = 请叫志愿者
stuck-words = 您的情况，这台机器一个人办不了。志愿者会陪您办完。
stuck-hotline = 服务电话 { $number }
closed-title = 已结束
closed-words = 这次办理已经结束。
parked-title = 先放一放，回头再来
parked-words = 请记下这个续办号，或者拍张照片：
parked-words-code = 请记下这个续办号，或者拍张照片；二维码里也是它：
parked-desk = 请回到 { $desk } 号台。
parked-no-number = 续办号用完了，这份登记没有号码，一样替您留着。回来时，请志愿者按学号或姓名找。
parked-after = 回来时按 P 输入续办号，再登录一次，或者给志愿者看证件，就从刚才的地方接着办。
parked-owed = 已经填的都记下了，校园系统连上就自己办。回来时按 P 输入续办号，再登录一次，接着办。
parked-vouched = 手机号已经记下。学校的登录恢复以后，回来按 P 输入续办号，登录一次，就接着绑定。
parked-next = 记好了
panel-printer = 打印机
printer-untried = 还没有用过
printer-printing = 正在打印
printer-well = 正常
printer-busy = 还在打印前一张，这一张没有收下
printer-no-paper = 没有纸，或者盖子没盖好
printer-offline = 没有反应：请看电源和线
printer-absent = 没有找到：请看线接好了没有
printer-not-allowed = 没有权限使用：请找管理员
slip-practice = 练习，不作数
slip-pickup = 续办号
slip-back = 请按时带上手机和证件回来：按 P 输入续办号，或者把二维码给扫码枪扫一下，再登录一次，就从刚才的地方接着办。
slip-hotline = 服务电话  { $number }
slip-print = 打印
slip-offer = 按 P 打印小票。
slip-printing = 正在打印小票。
slip-printed = 小票已打印，请带走。
slip-busy = 打印机还在打印前一张，这一张没有打印。请记下号码，或者按 P 再试。
slip-failed = 小票没有打印：打印机{ $why }。请记下号码。按 P 再试。
offered-title = 接着刚才的办？
offered-words = 这里有学号 { $student } 没有办完的登记。
offered-words-unknown = 这里有一份没有办完的登记。
offered-sign-in = 请再登录一次，就接着办。
offered-unsigned = 是您的，请叫志愿者按 F10，接着办。不是您的，按 Esc，从头开始。
offered-grant = 请用自己的手机再登录一次，就接着办。
offered-grant-who = 请办这份登记的同学登录。
offered-volunteer = 不能登录，请志愿者按 F10，看过证件后继续。
offered-volunteer-only = 请志愿者按 F10，看过证件后继续。
offered-dismiss = 不是我的

## 遇到的问题：给同学的话

trouble-sign-in-offline = 学校的认证系统没有回应，不是您的错。请再试一次；还不行，{ $phone ->
    [yes] 按 F5 改用自己的手机办
   *[no] 请叫志愿者（F8）
}。
trouble-sign-in-unavailable = 学校的认证系统自己出了问题，不是您的错。请过一会儿再试，或者{ $phone ->
    [yes] 按 F5 改用自己的手机办
   *[no] 叫志愿者（F8）
}。
trouble-sign-in-wrong = 学号或密码不对。请再试一次；忘记密码，请按 F4。
trouble-sign-in-locked = 这个账号暂时被锁定了，过一会儿会自己解开。着急的话按 F4，打电话解锁。
trouble-sign-in-locked-for = 这个账号被锁定了，{ $wait }后解开，到时再登录。着急的话按 F4，打电话解锁。
trouble-sign-in-disabled = 这个账号已停用，或者还没有启用。请叫志愿者，或者按 F4 看服务电话。
trouble-sign-in-expired = 这个账号已过期。请叫志愿者，或者按 F4 看服务电话。
trouble-sign-in-must-change = 密码是对的，但要先改。请{ $phone ->
    [yes] 按 F5，
   *[no] 先
}用手机打开统一身份认证改好密码，再回来登录。
trouble-sign-in-hour = 学校规定这个账号这个时间不能登录。请换个时间再来；着急的话请叫志愿者。
trouble-sign-in-address = 学校的认证系统不让这台机器登录，不是您的错。请{ $phone ->
    [yes] 按 F5 改用自己的手机办，或者叫志愿者
   *[no] 叫志愿者（F8）
}。
trouble-sign-in-another-way = 认证系统还要多做一步（比如图形验证码、短信验证），这里做不了，不是您的错。请{ $phone ->
    [yes] 按 F5，用自己的手机登录
   *[no] 叫志愿者（F8）
}。
trouble-sign-in-other-number = 密码是对的，但学校登记的学号和您输入的不一样。请用学号登录（不用手机号或身份证号）；学号没有错的话，请叫志愿者（F8）。
trouble-sign-in-not-a-student = 密码是对的，但这个账号登记的不是学号，可能是教工号。请用学号登录；您用的就是学号的话，请叫志愿者（F8）。
trouble-sign-in-limited = 学校的认证系统请我们慢一点。请等一分钟再试，或者{ $phone ->
    [yes] 按 F5 改用自己的手机办
   *[no] 叫志愿者（F8）
}。
trouble-sign-in-limited-until = 请先歇一下，{ $wait }后再试，免得账号被锁。忘记密码，请按 F4。
trouble-sign-in-misconfigured = 这里现在登录不了，不是您的错。请{ $phone ->
    [yes] 叫志愿者，或者按 F5 改用自己的手机办
   *[no] 叫志愿者（F8）
}。
trouble-grant-offline = 现在取不到登录用的码，不是您的错。请按 N 再试；还不行，换一种方式。
trouble-grant-denied = 手机上没有同意这次登录。要接着登录，请按 N 换一个码再扫。
trouble-grant-expired = 这个码过期了。请按 N 换一个码，再用手机扫一次。
trouble-grant-not-a-student = 手机上登录的账号不是学号。请在手机上退出，改用学号登录，再按 N 换一个码；您用的就是学号的话，请叫志愿者（F8）。
trouble-grant-limited = 学校的认证系统请我们慢一点。请等一分钟，再按 N 换一个码。
trouble-grant-limited-until = 学校的认证系统请我们慢一点。请等{ $wait }，再按 N 换一个码。
trouble-grant-misconfigured = 这里现在不能用手机登录，不是您的错。请换一种方式，或者叫志愿者。
trouble-follow-not-seen = 还没有看到关注成功。
trouble-follow-not-looked = 现在查不到关注情况，不是您的错。
trouble-somebody-else = 登录的不是同一位同学。请用开始办理时的学号登录。
trouble-old-number = 这是刚解绑的老学号。请用新学号登录。
trouble-directory-number-taken = 这个手机号已经绑定在别的账号上，也许是您的老学号，也许是家人的。请换一个号码，或者先解绑那个账号。
trouble-directory-offline = 企业微信那边没有回应，不是您的错。已经填的都记下了，连上以后自己会办；也可以按 Enter 再试。
trouble-directory-unavailable = 企业微信那边出了问题，不是您的错。已经填的都记下了，好了以后自己会办；也可以按 Enter 再试。
trouble-directory-bad-number = 企业微信不接受这个手机号。请检查一遍，或者换一个号码。
trouble-directory-already-active = 您的企业微信已经启用，不能在这里换手机号。请叫志愿者（F8）。
trouble-directory-disabled = 您的企业微信账号被停用了。请叫志愿者（F8）。
trouble-directory-departed = 企业微信里显示您已经退出。请叫志愿者（F8）。
trouble-directory-creator = 这个账号是学校企业微信的创建者，不能在这里解绑。请叫志愿者（F8）。
trouble-directory-unknown = 企业微信里还没有您的名字，可能名单还没到。请叫志愿者（F8）。
trouble-directory-other = 企业微信没有办成，不是您的错。请叫志愿者（F8）。
trouble-directory-limited = 现在办的人有些多。请等一分钟，按 Enter 再试。
trouble-directory-limited-until = 现在办的人有些多。请等 { $wait }，按 Enter 再试。
trouble-directory-misconfigured = 这里现在办不了这一步，不是您的错。请叫志愿者（F8）。
trouble-sms-offline = 不知道短信发出去没有。请先等等看；没收到，就按 S 再发一次。
trouble-sms-bad-number = 短信平台说这个号码不对。请按 C 换一个手机号。
trouble-sms-desk-full = 本机这一小时发的验证码已到上限，和您的号码无关。请叫志愿者（F8），输入 PIN 后就能再发。
trouble-sms-blocked = 这个号码不接收这类短信。请按 C 换一个手机号，或者请叫志愿者（F8）。
trouble-sms-other = 短信没有发成，不是您的错。请稍等再发，或者请叫志愿者（F8）。
trouble-sms-limited = 短信发得有些多。请等一分钟再发。
trouble-sms-limited-until = 这个号码的验证码发得有些多，{ $wait }后才能再发。着急的话请叫志愿者（F8）。
trouble-sms-misconfigured = 这里现在发不了短信，不是您的错。请叫志愿者（F8）。
trouble-code-check-offline = 学校那边暂时没有核对出结果，不是您的错，也不算次数。请稍等，再输入一次。
trouble-code-check-limited = 核对得太频繁了。请等一分钟，再输入一次。
trouble-code-check-limited-until = 核对得太频繁了，请等{ $wait }，再输入一次。
trouble-code-check-misconfigured = 这里现在核对不了验证码，不是您的错。请叫志愿者（F8）。
trouble-code-wrong = 验证码不对，还可以试 { $n } 次。
trouble-code-spent = 错的次数太多，这个验证码不能用了，要重新发一个。
trouble-code-expired = 验证码过期了，要重新发一个。
trouble-fate-unknown = 刚才机器重新启动过，不知道短信发出去没有。收到了就输入，没收到请按 S 再发。
trouble-unbind-unknown = 不知道刚才删除了没有。如果您后来又绑定过，请按 Esc；还要解绑老学号，请再确认一次。

## 遇到的问题：给志愿者的原因

cause-sign-in-offline = 统一身份认证在限定时间内没有回应。
cause-sign-in-unavailable = 统一身份认证有回应，但不是能用的回答（它自己的错误，或读不懂），详见日志。
cause-sign-in-wrong = 学号不存在或密码错误（平台不区分）。
cause-sign-in-locked = 账号被平台锁定。
cause-sign-in-locked-for = 账号被平台锁定，平台说{ $wait }后解开。
cause-sign-in-disabled = 账号被停用或未启用。
cause-sign-in-expired = 账号已过期（不是密码）。
cause-sign-in-must-change = 密码正确，平台要求先改密码（初始密码或密码到期）。
cause-sign-in-hour = 账号在这个时段不许登录。
cause-sign-in-address = 平台不许从本机的地址登录；请管理员放行。
cause-sign-in-another-way = 平台要求验证码、二次验证、确认通知或绑定手机，本机做不了。
cause-sign-in-other-number = 登录成功，平台给出的学号和输入的不同（手机号等别名，或换过学号）。请和学生核对；人人如此的话，请管理员设 number_attribute 或 claim。
cause-sign-in-not-a-student = 登录成功，平台给出的不合学号的格式（可能是工号）。请和学生核对；人人如此的话，请管理员设 number_attribute 或 claim。
cause-sign-in-limited = 这个账号在本机多次输错密码，暂停了；或者平台限流。看过证件可以先往下办。
cause-grant-offline = 统一身份认证没有给出登录码，或者给出的不对。
cause-grant-unavailable = 统一身份认证有回应，但不是能用的回答，详见日志。
cause-grant-denied = 手机上拒绝了这次登录。
cause-grant-expired = 没有人在时限内用手机登录。
cause-grant-not-a-student = 手机上登录的账号不合学号的格式，可能是工号。请和学生核对；人人如此的话，请管理员设 claim。
cause-grant-limited = 平台对本机限流。
cause-follow-not-seen = 学生说关注了，通讯录里的成员还没有激活。
cause-somebody-else = 登录者不是这份登记的同学。
cause-old-number = 登录者用的是刚解绑的老学号。
cause-directory-offline = 企业微信接口在限定时间内没有回应。
cause-directory-unavailable = 企业微信接口有回应，但不是能用的回答，详见日志。
cause-directory-number-taken = 手机号已属于另一个成员（60104）。
cause-directory-bad-number = 手机号不被接受（60103）。
cause-directory-already-active = 成员已激活，接口改不了手机号；请在管理后台改，或先解绑。
cause-directory-disabled = 成员被禁用；请在管理后台启用。
cause-directory-departed = 成员已退出企业；请在管理后台重新邀请。
cause-directory-creator = 成员是企业的创建者，接口不能删除（301005）。
cause-directory-unknown = 通讯录没有这个成员，本机也无权新建（60111）。
cause-directory-other = 企业微信返回 { $n }。
cause-directory-limited = 企业微信接口限流。
cause-sms-offline = 短信平台没有回应，短信去向不明。
cause-sms-unavailable = 短信平台有回应，但不是能用的回答；短信去向不明。
cause-sms-bad-number = 短信平台认为号码无效。
cause-sms-desk-full = 本机每小时的短信已到上限；输入 PIN 后已重新计数，请再发一次。
cause-sms-blocked = 号码在运营商或平台的拒收名单里。
cause-sms-other = 短信平台拒绝，详见日志。
cause-sms-limited = 短信平台限流。
cause-code-check-offline = 学校核对验证码的平台没有回应，对错不明。
cause-code-check-unavailable = 学校核对验证码的平台有回应，但不是能用的回答；对错不明。
cause-code-expired = 学校的平台说验证码过期了，或者没有这个验证码。
cause-code-wrong = 验证码输入错误。
cause-code-spent = 验证码的次数用完。
cause-fate-unknown = 重新启动时短信正在发送，结果未知。
cause-unbind-unknown = 删除成员时断了，结果未知；成员还在，可能是新的绑定。本机不会自己再删。
cause-misconfigured = 配置问题：{ $why }

## 离开和空闲

leave-title = 要离开吗？
leave-words = 已经填的会替您留着，给您一个续办号，回来接着办。
leave-stay = 不离开，继续办
leave-go = 离开
leave-desk-title = 离开报到页面
leave-desk-words = 正在办的会替学生留着。
leave-desk-refused = 系统没有接受，请联系管理员。
leave-desk-stay = 返回
leave-desk-restart = 重新启动本台
leave-desk-off = 关机
leave-desk-maintenance = 维护（要管理员自己的密码）
idle-title = 您还在吗？
idle-words = { $n } 秒后清空屏幕，换下一位同学。
idle-keep = 按任意键继续
idle-safe = 已经办好的步骤不会丢。
idle-anew = 还没有办什么，下次从头办就行。
idle-number = 时间到了会给您一个续办号，回来接着办。

## 帮助

help-title = 帮助
help-search = 打字查找，拼音首字母也行：qchc 找清除缓存
help-none = 没有找到。换个说法试试，或者问志愿者。
help-open = 打开
help-list = 全部问题
help-more = 还有 { $n } 行，按 PgDn 往下看
help-above = PgUp 往上看
help-list-place = { $at }/{ $all }，用上下键看其他的
help-keys-title = 这台机器怎么用
card-keys = 按键
card-machine = 机器出了问题
card-troubles = 遇到问题
card-poster-desk = 或者到 { $desk } 号台，志愿者带您办。
card-poster-until = 二维码有效至 { $day }。
route-title = 您这次要办的
route-left = { $n ->
    [0] 都办好了
   *[other] 还有 { $n } 步
}
route-brief = 还有 { $n } 步：{ $reason }
route-open = 后面几步，等您回答了问题再定。
help-keys = Enter 继续，Esc 返回，Tab 换一栏或换一个按钮。触摸屏直接点就行。
help-keys-more = F2 换语言，F3 换配色，F6 等的时候先让下一位办，F8 叫志愿者，F10 志愿者用，Ctrl-L 重画屏幕。
help-keys-second = F 键是亮度和音量？按住 Alt 再按同一个数字：F1 是 Alt-1，F10 是 Alt-0。也可以按住 Ctrl 再按字母：G 帮助，T 语言，Y 配色，F 忘记密码，O 换一种办法，N 让下一位，B 工单，V 叫志愿者，K 志愿者用。
help-leave = 先离开，回头再来
help-volunteer = 拿不准就举手，志愿者会过来。
help-hotline = 服务电话 { $number }
help-cause = 给志愿者：{ $cause }
help-welcome = 新同学在这里绑定学校的企业微信。可以扫码用手机办，也可以按 Enter 在这里办。办到一半离开过，按 P 输入续办号接着办。
help-notice = 这一屏说明会用到您的哪些信息。同意就按 Enter；不同意按 Esc，什么都不会留下。
help-identity = 用户名是学号，密码是统一身份认证平台的密码。Ctrl-R 可以看密码三秒。忘记密码按 F4。
help-grant = 用微信或相机扫一扫，在自己的手机上登录统一身份认证，再点同意，这里会自己接着办。手机上显示的码要和这里的一样。P 改用密码，F5 改用手机办。
help-unbind = 这里要用老学号登录，再输入它的最后几位确认。Esc 可以换一个账号；F5 改用自己的手机解绑。
help-number = 填微信绑定的手机号，以后就用它登录企业微信。微信绑的是别的号码也能办，关注以后再验证一次。空格、横线、+86 都可以带着。
help-ask = 有的同学微信绑定的不是现在这个号码。选对了，后面就顺。不确定选 3，会告诉您怎么看。
help-follow = 打开微信，用右上角的加号扫一扫。手机里已经有旧身份的，先在微信的 我 > 设置 > 通用 > 存储空间 清理缓存。
help-verify = 短信一般一分钟内到。没收到可以重发；号码填错了可以换。
help-coach = 照着左边画的手机做，有标记的地方就是要点的地方。再从右边选您看到的样子。
help-done = 看到这一屏，就不用再做什么了。
help-parked = 续办号只用来找到您的登记，回来还要登录一次，别人拿到也用不了。

## 志愿者

pin-title = 志愿者
pin-ask = 请输入 PIN。
pin-checking = 正在核对，请稍等。
pin-still = 刚才是 { $name }。还是您，请按 Enter；换了人，请输入自己的 PIN。
pin-wrong = PIN 不对。
pin-wait = PIN 不对，{ $n } 秒后再试。
pin-practice = 练习用的 PIN 是 { $pin }。
panel-title = 志愿者
panel-title-by = 志愿者：{ $name }
panel-go-on = 继续这份登记
panel-vouch = 看过证件，接着办
panel-restart = 让同学从头办
panel-park = 先放一放，给续办号
panel-next = 接待下一位，这份给续办号
panel-end = 结束这份登记
panel-quit = 退出程序
panel-leave-desk = 重启、关机
panel-end-sure = 再按一次 X，结束这份登记
panel-waiting-list = 等着的人（{ $n }）
panel-tickets-list = 未解决的工单（{ $n }）
panel-outbox-needed = 校园系统还没办的（{ $n }，要人处理 { $needed }）
panel-day = 今天的情况
panel-hand-over = 交班
panel-clock = 时间没错：{ $moment }
hand-title-by = { $name } 交班
hand-waiting = 等着的人：{ $n } 份
hand-owed = 校园系统还没办的：{ $n } 份，要人处理 { $needed } 份
hand-tickets = 未解决的工单：{ $n } 张
hand-more = 另有 { $n } 份
hand-pin = 接班的人看完以后，请输入自己的 PIN。
hand-confirm = 都看过了，接班
hand-read-on = 下面还有，请先用下键看完。
hand-same = 这是交班的人自己的 PIN，请接班的人输入。
hand-keeping = 正在记下，请稍等。
hand-not-kept = 现在存不了，没有交成。请稍后再输入一次。
hand-done = 已经记下，可以接着值班了。
hand-done-to = 已经记下，现在是 { $name } 值班。
hand-to-panel = 回到面板
day-reading = 正在读日志，请稍等。
day-failed = 现在读不出日志。请稍后再看，或者在这台机器上运行 yingxin report。
panel-quit-type = 输入 退出 或 quit
panel-quit-how = Enter 退出，Esc 不退出。
panel-enter = 做选中的
panel-find = 找人
waiting-find = 续办号、末几位、姓，或者姓的拼音
waiting-count = 找到 { $found } 份，一共 { $n } 份在等。
waiting-none = 没有找到。请核对号码，或者只输入末几位、姓。
waiting-how = 输入数字，或者按 W，找人接着办。
waiting-take-up = 看过证件，接着办
waiting-ticket = 开工单，接着等
waiting-number = 续办号
waiting-who = 姓名
waiting-student = 学号
waiting-step = 停在
waiting-since = 等了
waiting-why = 等什么
waiting-at-question = 问题
waiting-at-stuck = 办不下去
waiting-at-end = 都办完了
waiting-for-person = 要人处理
waiting-for-ticket = 等热线
waiting-for-gone = 人走开了
waiting-for-student = 等同学回来
waiting-for-sign-in = 等登录恢复
waiting-for-campus = 等校园系统
panel-no-visit = 现在没有正在办的登记。
panel-visit-over = 这份登记已经结束。
panel-papers-seen = 这位同学的证件已经看过了。
panel-papers-signed-in = 这位同学已经登录，不用看证件。
panel-papers-nobody = 这份登记没有人登录过，不用看证件，按 G 接着办。
panel-papers-later = 同学在这里登录、又连不上的时候，才看证件确认。
panel-clock-sure = 本机时间没有疑问，不用确认。
panel-examine-later = 有同学正在办，检查会占用屏幕，请办完再查。
panel-today = 今天
panel-counts = 接待 { $opened }，绑定 { $bound }，学生自述 { $word }，早已绑定 { $already }，放一放 { $parked }，其他 { $ended }
panel-waiting = 等着的人
panel-nobody = 没有人在等。
panel-more = 还有 { $n } 份，用上下键看。
panel-since = { $n } 分钟
panel-unknown = 还没登录
panel-gateways = 连接
gateway-identity = 统一身份认证
gateway-device-grant = 手机扫码登录
gateway-directory = 通讯录
gateway-sms = 短信
gateway-absent = 没有接
gateway-up = 正常
gateway-untried = 未知（最近没有试过）
gateway-slow = 慢
gateway-down = 断开 { $n } 分钟
gateway-not-private = 断开 { $n } 分钟：{ $why }
tls-expired = 证书已过期，或本机时钟不准
tls-not-yet-valid = 证书尚未生效，或本机时钟不准
tls-wrong-name = 证书域名不符
tls-unknown-issuer = 本机不认识证书的签发机构
tls-self-signed = 证书是自签的
tls-revoked = 证书已被吊销
tls-certificate = 证书无法验证
tls-too-old = TLS 版本或加密套件太旧
tls-not-tls = 该端口上没有 TLS
tls-no-start-tls = 没有 StartTLS
tls-handshake = TLS 握手失败
panel-sms-handed-over = 短信已交给 { $carrier }，还没有回报。
panel-sms-delivered = 短信已送达（{ $carrier }）。
panel-sms-failed = 短信没有送达（{ $carrier }：{ $code }）。
panel-cause = 卡在：{ $cause }
panel-outbox = 校园系统还没办的（{ $n }）
gateway-directory-write = 通讯录（写入）
do-volunteer-needed = 志愿者（{ $n }）

outbox-title = 校园系统还没办的
outbox-what = 什么事
outbox-when = 下一步
outbox-none = 都办好了，没有等着的。
outbox-bind = 登记手机号
outbox-confirm = 完成验证
outbox-check = 查看关注情况
outbox-unbind = 删除老学号
outbox-stopped = 要人处理
outbox-now = 这就试
outbox-next = { $wait }后再试
outbox-behind = 等着
outbox-story = 等了 { $n } 分钟，试过 { $tries } 次。
outbox-last = 上次的回答：{ $cause }
outbox-unasked = 还没有问过。
outbox-do-nothing = 不用管，连上以后自己会办。也可以按 Enter，现在就试。
outbox-do-fate-unknown = 请同学凭续办号回来，自己确认。不要替同学再删：可能已经是新的绑定。
outbox-do-not-active = 同学说关注好了，通讯录里还没有激活。请同学再看一下手机，或者开工单。
outbox-do-misconfigured = 请管理员改好配置，再按 Enter 试。
outbox-do-number = 请同学凭续办号回来换一个号码，或者开工单。
outbox-do-console = 请管理员在企业微信管理后台处理，再按 Enter 试。
outbox-do-ticket = 这里办不了，请按 T 开工单。
outbox-do-ticket-open = 已经开了工单。
outbox-try = 再试
outbox-ticket = 开工单
outbox-let-go = 不用办了
outbox-let-go-sure = 再按一次 X，不用办了

vouch-title = 看证件，替同学确认身份
vouch-words = 看学生证，或者身份证和录取通知书，照着输入学号。
vouch-find = 查名单
vouch-wrong = 这不像这里的学号，请再看一下。
vouch-looking = 正在查名单。
vouch-missing = 名单里没有这个学号。请再看一下证件，或者开工单。
vouch-no-roster = 这台机器还没有导入名单，不能这样确认。可以先放一放，给同学续办号。
vouch-not-now = 本机现在存不了数据，不能确认。
vouch-found = { $name }  { $student }
vouch-papers = 请核对：证件上是这个名字、这个学号，照片是本人。
vouch-then-parks = 确认以后先记下手机号，给续办号；登录恢复了，回来登录一次才绑定。
vouch-then-binds = 确认以后填手机号，校园系统连上就绑定。
vouch-do = 核对过了，是这位同学
vouch-other = 不是，重新输入

## 练习手机

phone-title = 练习手机（只在练习时有）
phone-wechat = 微信绑定：{ $number }
phone-messages = 短信
phone-no-messages = 还没有短信
phone-new-number = 换微信绑定的号码
phone-actions = 可以做
phone-focus = 数字键操作，B 模拟故障，D 演练，N 换号码，Esc 放下手机
phone-unfocused = 按 F9 操作这部手机
phone-title-held = 练习手机：现在按键归手机
phone-strip = 练习手机
phone-strip-short = 手机
phone-next = 下一位：{ $number }，密码 { $password }
phone-let-go = 放下手机
phone-bad-days = 故障
phone-number = 换号码
phone-number-take = 就用这个号码
phone-days = 模拟故障：按数字设置，再按一次撤掉
phone-days-none = 模拟故障：按数字设置，再按一次撤掉。现在一切正常
words-between = 、

phone-drill = 演练

drill-title = 五分钟演练
drill-over = 演练结束
drill-words = 一共 { $n } 件事，先做哪一件都可以，只是故障放在最后。办成的会自己打勾；手机上按 F9、D 再看这一页。
drill-banner = 演练 { $done }/{ $all }，下一项：{ $task }（F9、D 看怎么做）
drill-banner-bad = 演练 { $done }/{ $all }，下一项：{ $task } | { $bad }
drill-register = 办完一份登记
drill-pick-up = 放一放，再按续办号接着办
drill-vouch = 断网时看证件往下办，再恢复网络
drill-ticket = 开一张工单
drill-bad-day = 最后遇上一次故障，照样把人安排好
drill-register-how = 在首页按 Enter，再按 Enter 同意。学号 { $number }，密码 { $password }；手机号 { $mobile }，问是不是微信绑定的，答 1。
    到了关注的那一页：按 F9，再按 2 扫关注码。屏幕变绿就办成了：按 Esc 放下手机，按 Enter。
drill-pick-up-how = 再开始一份（学号 { $number }，密码 { $password }），登录以后按 Esc，再按 2 离开：屏幕上给出续办号，请记下。
    回到首页按 P，输入这个号，按 Enter；用刚才的学号再登录一次，就接着办。
drill-vouch-how = 登录连不上的时候才用。先按 F9、B、1 断网，Esc 两次放下手机；再开始一份，登录（学号 { $number }，密码 { $password }）。
    说连不上以后按 F10，PIN 是 { $pin }，按 V，输入学号，按 Enter 查；核对以后按 1。
    最后按 F9、B、1 恢复网络，这一件才算办成。
drill-ticket-how = 有一份正在办的时候（没有就先开始一份，登录），按 F1，再按 F7；写下遇到的问题（按 Tab 换一栏），按 Enter。请学生记下号码，再打热线。
drill-bad-day-how = 最上面一行要是还说有故障，先撤掉。再按 F9、B，用数字设一个故障；开始一份登记，看迎新台怎么说，再把这位同学安排好：换办法、放一放、先往下办，或者开工单。
    最后再按 F9、B，用同一个数字撤掉。
drill-leave-first = 手上这一份先离开：按 Esc，问【要离开吗】时按 2，回到首页。
drill-register-failed = 没成的：登录或绑定被拒了，或者只是学生自己说办好了。
drill-pick-up-failed = 没成的：号码没有找到，或者登录的不是同一位同学。
drill-vouch-failed = 没成的：查到的不是这位同学，又查了一次名单。
drill-bad-day-failed = 没成的：故障撤掉了，还没有同学被安排好。
drill-head-task = 要办的
drill-head-time = 用时
drill-passed = 通过：{ $all } 件事都办成了，用了 { $took }。
drill-passed-late = 通过：{ $all } 件事都办成了，用了 { $took }，比五分钟长。
drill-not-passed = 没通过：{ $all } 件事办成了 { $done } 件，用了 { $took }。
drill-read-again = 写着【请再读】的几件，按上下键看怎么做。
drill-ready = 每一件都是一次办成的，可以上岗了。
drill-not-done = 没有办成【请再读】
drill-failed = 没成 { $n } 次【请再读】
drill-go = 去做
drill-end = 结束演练
drill-close = 关上
drill-again = 再来一次

bad-days-now = 正在模拟：{ $days }
bad-days-count = 正在模拟 { $n } 种故障（F9、B 看是哪些）
bad-days-few = 故障：{ $days }
bad-days-many = 故障 { $n } 种
own-trouble-account-locked = 这位同学的账号本来就锁定着
own-trouble-account-disabled = 这位同学的账号本来就停用了
own-trouble-member-disabled = 这位同学在通讯录里本来就被禁用
own-trouble-member-departed = 这位同学在通讯录里本来就已退出
bad-day-on = { $day }（正在模拟）
bad-day-no-network = 校园网断了
bad-day-short-no-network = 断网
bad-day-no-sms = 短信收不到
bad-day-short-no-sms = 无短信
bad-day-account-locked = 统一身份认证的账号锁定了
bad-day-short-account-locked = 锁账号
bad-day-number-taken = 手机号被别的账号占用
bad-day-short-number-taken = 占号码
bad-day-follow-unseen = 关注了，学校那边看不到
bad-day-short-follow-unseen = 看不到关注
bad-day-slow = 学校的系统很慢
bad-day-short-slow = 慢

phone-page-home = 微信首页
phone-page-role = 用户注册：请选择你的身份
phone-page-login = 统一身份认证登录页
phone-page-number = 用户身份验证：填写手机号
phone-page-follow = 长按并关注微信企业号
phone-page-followed-active = 完成：已关注，已激活
phone-page-followed-inactive = 已关注，但还没有通过身份验证
phone-page-assistant = 微校园助手（对话与菜单）
phone-page-assistant-number = 关注身份验证：填写手机号
phone-page-assistant-code = 关注身份验证：填写短信验证码
phone-page-verified = 关注成功
phone-page-already-bound = 该账号已经绑定
phone-page-sms = 短信收件箱
phone-page-grant = 统一身份认证：登录迎新台？请核对屏幕上的码

phone-do-scan-register = 扫描注册二维码
phone-do-scan-grant = 扫迎新台的登录码
phone-do-grant-approve = 登录并同意
phone-do-grant-deny = 拒绝
phone-do-scan-follow = 扫描关注二维码
phone-do-assistant = 打开微校园助手
phone-do-read-sms = 查看短信
phone-do-reset = 换下一位同学的手机（新手机）
phone-do-tap-role = 点击【在校师生】
phone-do-sign-in = 输入学号和密码并登录
phone-do-sign-in-wrong = 故意输错密码
phone-do-fill-number = 填写微信绑定的手机号
phone-do-fill-other-number = 填写另一个手机号
phone-do-follow = 长按二维码并关注
phone-do-assistant-verify = 点菜单【关注身份验证】
phone-do-assistant-number = 填写与第一步相同的手机号
phone-do-assistant-other-number = 故意填写不同的手机号
phone-do-assistant-code = 填写收到的验证码
phone-do-assistant-wrong-code = 故意输错验证码
phone-do-home = 回到微信首页

phone-short-scan-register = 注册码
phone-short-scan-grant = 登录码
phone-short-scan-follow = 关注码
phone-short-assistant = 助手
phone-short-read-sms = 短信
phone-short-reset = 新机
phone-short-home = 首页
phone-short-sign-in = 登录
phone-short-sign-in-wrong = 输错密码
phone-short-fill-number = 填微信绑定的号码
phone-short-fill-other-number = 填另一个
phone-short-assistant-number = 填相同的手机号
phone-short-assistant-other-number = 填不同的
phone-short-assistant-code = 填验证码
phone-short-assistant-wrong-code = 输错验证码
phone-short-assistant-verify = 关注身份验证
phone-short-grant-approve = 同意
phone-short-grant-deny = 拒绝

phone-said-scanned = 已扫码，打开了注册页面
phone-said-signed-in = 登录成功
phone-said-password-wrong = 用户名或密码错误
phone-said-account-locked = 账号已锁定
phone-said-number-set = 手机号已登记
phone-said-number-taken = 该手机号已被其他账号使用
phone-said-followed-active = 已关注：手机号与微信一致，账号已激活
phone-said-followed-inactive = 已关注：号码和微信不一致，还需身份验证
phone-said-follow-stranger = 企业通讯录里还没有你的手机号，无法关注
phone-said-already-active = 该账号已经绑定，不用再做
phone-said-member-disabled = 该成员已被禁用
phone-said-nothing-to-verify = 没有需要验证的关注
phone-said-code-sent = 验证码已发送到该手机号
phone-said-number-differs = 与第一步填写的手机号不一致
phone-said-code-wrong = 验证码错误
phone-said-code-expired = 验证码已过期，请重新获取
phone-said-code-spent = 今天输错五次，请明天再试
phone-said-verified = 关注成功
phone-said-sms-none = 还没有短信
phone-said-sms-read = 这些是收到的短信，最新的在前
phone-said-reset = 现在是一部新同学的手机
phone-said-grant-approved = 已登录，并同意了迎新台的登录
phone-said-grant-denied = 已拒绝这次登录
phone-said-grant-expired = 这个码已经过期

ask-standing-title = 您是哪种情况？
ask-standing-words = 选一个最像的，后面就只做需要做的。
ask-standing-first-time = 第一次绑定
ask-standing-new-number = 换了学号（预科转本科、本科继续读研）
ask-standing-staff = 本校教职工，同时在读研或读博
ask-standing-unsure = 不确定
ask-standing-look = 想一想：
ask-standing-path = 以前用别的学号或职工号绑定过学校的企业微信吗？
ask-standing-path-after = 没有，选 1。还是不确定，再按一次 4，按第一次来，绑过的话会告诉您。

ask-old-binding-title = 老学号绑定在哪里？
ask-old-binding-words = 是以前用的那个学号。
ask-old-binding-wechat = 微信里，关注的企业号
ask-old-binding-app = 企业微信 APP 里
ask-old-binding-unsure = 不确定
ask-old-binding-look = 看一看手机：
ask-old-binding-path = 微信通讯录里有学校的企业号，就是微信；只在企业微信 APP 里收到通知，就是 APP
ask-old-binding-path-after = 看好了再选。还是不确定，再按一次 3，先按微信来。

ask-staff-bound-title = 您的职工号绑定在微信里吗？
ask-staff-bound-words = 微信里绑了职工号，就不能再绑学号。
ask-staff-bound-yes = 是，绑在微信里
ask-staff-bound-no = 没有
ask-staff-bound-unsure = 不确定
ask-staff-bound-look = 看一看手机：
ask-staff-bound-path = 微信通讯录里有没有学校的企业号
ask-staff-bound-path-after = 有就选 1，没有选 2。还是不确定，再按一次 3，用企业微信 APP 办，都行。

ask-onward-title = 解绑好了，接下来用哪个绑定？
ask-onward-words = 推荐用企业微信 APP：不受微信缓存影响，一次就成。
ask-onward-app = 企业微信 APP（推荐）
ask-onward-wechat = 还用微信，先检查缓存

ask-cache-cleared-title = 点【在校师生】以后，出来的是登录页吗？
ask-cache-cleared-words = 出来登录页，缓存就清干净了；直接出来填手机号的页面，就是还没有。
ask-cache-cleared-yes = 是登录页
ask-cache-cleared-no = 是填手机号的页面
ask-cache-cleared-unsure = 不确定
ask-cache-cleared-look = 再扫一次注册二维码：
ask-cache-cleared-path = 扫码 > 在校师生 > 看出来的是哪一页
ask-cache-cleared-path-after = 还是不确定，再按一次 3，就用企业微信 APP 办，最稳。

ask-sign-in-again-title = 退出微信以后，您能再登录回来吗？
ask-sign-in-again-words = 可以试一试退出微信、关机重启，再查一次。登录不回来就不要退：用企业微信 APP 一样能绑。
ask-sign-in-again-yes = 能登录回来，试一试
ask-sign-in-again-no = 不能，或者不想试，改用企业微信 APP
ask-sign-in-again-unsure = 不确定
ask-sign-in-again-look = 先想好这两样：
ask-sign-in-again-path = 还记得微信密码；绑定微信的手机号，现在收得到短信
ask-sign-in-again-path-after = 有一样就能登录回来。还是不确定，再按一次 3，不退出，用企业微信 APP 办。

ask-phone-title = 您的手机是哪一种？
ask-phone-words = 清理微信缓存，每种手机的路径不一样。
ask-phone-iphone = 苹果 iPhone
ask-phone-android = 安卓
ask-phone-harmony = 鸿蒙
ask-phone-unsure = 不确定
ask-phone-look = 看一看手机背面：
ask-phone-path = 有苹果标志的是 iPhone；华为新手机可能是鸿蒙；其他的多半是安卓
ask-phone-path-after = 还是不确定，再按一次 4，先按安卓的路径找。

step-scan = 扫码
step-cache = 清缓存
step-cache-check = 查缓存
step-sign-out = 重登
step-unbind = 解绑
step-hold = 先不绑
step-get-app = 装 APP
step-app-sign-in = 进 APP
step-activate = 激活
step-portal = 门户
step-wait = 等生效

## 工单

ticket-title = 开工单
ticket-words = 办不下去了？热线要记学号、姓名、手机号和遇到的问题，写好就有打电话的讲稿。
ticket-known = 已经知道的：{ $who }
ticket-wrong-number = 学号只有数字和字母；不知道就空着。
ticket-wrong-mobile = 请核对手机号；不知道就空着。
ticket-no-reason = 请先写问题，几个字就行，拼音也行。
ticket-vouched = 看过证件，没有登录
ticket-open = 开工单
ticket-no-number = 续办号用完了，开不了工单。请志愿者先把不用再办的登记结束掉。
ticket-opened-title = 工单已开，请记下续办号
ticket-call = 请拨打热线 { $number }，照着念：
ticket-after = 解决以后，凭这个续办号回到 { $desk } 号台，接着办。
ticket-waits = 现在的续办号是 { $pickup }。
words-counted = { $label }（{ $n }/{ $most }）
ticket-line = { $label }：{ $words }
ticket-number = 续办号
ticket-state = 状态
ticket-opened = 开单时间
ticket-changed = 状态时间
ticket-changed-by = 经手人
ticket-student = 学号
ticket-name = 姓名
ticket-mobile = 手机号
ticket-route = 情况
ticket-tried = 已经做过
ticket-step = 停在
ticket-trouble = 最后的错误
ticket-reason = 遇到的问题
ticket-called-at = 打电话的时间
ticket-called-by = 打电话的人
ticket-answer = 对方的答复
ticket-wrong-time = 时间要写成 2026-09-01 08:30 的样子
ticket-noting = 先记下有人看这张工单，记好了再显示。
ticket-none = 没有未解决的工单。
ticket-note = 记下一次通话
ticket-hand-over = 已交给热线
ticket-solve = 已解决
ticket-full = 记满了：状态还可以改。
ticket-state-open = 未处理
ticket-state-handed-over = 已转交
ticket-state-solved = 已解决
panel-ticket = 给这份登记开工单
tickets-title = 未解决的工单

## 开门前的检查

panel-examine = 开门前检查
doctor-title = 开门前检查
doctor-running = 正在检查，已查 { $n } 项。
doctor-more = 还有 { $n } 项，用上下键看。
doctor-passed = { $n } 项都正常，可以开门。
doctor-warned = 可以开门，有几项请看一下。
doctor-failed = 先别开门，有几项不行。
doctor-again = 再查一遍
doctor-send = 发测试短信
verdict-pass = 正常
verdict-warn = 注意
verdict-fail = 不行
check-config = 配置
check-pack = 校园包
check-pin = PIN
check-visits = 登记记录
check-connections = 连接设置
check-size = 屏幕大小
check-colours = 颜色
check-utf8 = 字符编码
check-width = 汉字宽度
check-ambiguous = 线条和引号的宽度
check-code-width = 二维码的宽度
check-mouse = 鼠标
check-qr = 二维码
check-store = 存储
check-folder = 存储的文件夹
check-space = 磁盘空间
check-secrets = 密钥文件
check-printer = 打印机
check-user = 运行的用户
check-console = 控制台
check-emulator = 终端的快捷键
check-gateway = 连接
check-sms-code = 验证码
check-clock = 时钟
check-account = 测试账号
check-message = 测试短信
told-late = 太久没有结果。
told-complaint = { $what }
told-config = { $path }
told-config-none = 没有配置文件，按默认运行。
told-pack = { $pack }
told-pack-troubles = { $pack }：有 { $n } 处不能用。
told-pin = 设好了。
told-visits = 读得出来，未完成的有 { $n } 份。
told-visits-running = 这里有一台正在运行，未完成的有 { $n } 份。
told-no-terminal = 这里不是终端，屏幕没有查。
told-size = { $columns } 列 { $rows } 行。
told-colours-rgb = 真彩色。
told-colours-indexed = 256 色。
told-colours-16 = 只有 16 色，二维码的白底可能发灰。
told-colours-none = 没有颜色。
told-console = 这是内核控制台，显示不了汉字。
told-utf8 = { $locale }
told-width = 一个汉字占两列。
told-width-wrong = 两个汉字占了 { $columns } 列，应该是 4 列。
told-width-silent = 终端没有回答汉字有多宽。
told-ambiguous = 线条、方块和引号各占一列。
told-ambiguous-wrong = 线条、方块和引号 7 个字符占了 { $columns } 列，应该是 7 列。
told-code-width = 二维码的一行正好占它该占的列。
told-code-width-wrong = 二维码的一行占了 { $columns } 列，应该是 { $right } 列，手机扫不出来。
told-mouse = 认得鼠标和触摸。
told-mouse-none = 不认得鼠标，只能用键盘。
told-mouse-silent = 终端没有回答认不认得鼠标。
told-qr = { $n } 个都画得出、读得回。
told-qr-open = 校园包没有给：{ $names }。
told-qr-unread = 画不完整或读不回：{ $names }。
told-store = 写入、落盘、读回都正常。
told-store-differs = 写进去的和读出来的不一样。
told-space = 还有 { $n } MB。
told-secrets = { $n } 个，只有主人能读。
told-printer = 有反应，或者不会应答
told-ours-foreign = { $path } 属于 { $owner }，而程序是以 { $own } 运行的。
told-ours-link = { $path } 是符号链接，这里不跟随链接。
told-ours-no-file = { $path } 不是普通文件。
told-ours-no-folder = { $path } 不是文件夹。
told-ours-no-socket = { $path } 不是套接字。
told-ours-writable = { $path } 别人也能写（权限 { $mode }）。
told-ours-readable = { $path } 别人也能读（权限 { $mode }），里面是机密。
told-folder-seen = 别人看得到 { $path } 里有哪些文件。
told-user = 不是以 root 运行的。
told-root = 正以 root 运行：谁从里面出来，谁就能动整台机器。
told-console-none = 这台机器没有可以切换的控制台。
told-console-closed = SysRq 和 Ctrl-Alt-Del 都不起作用，别的控制台也不能登录。
told-console-sysrq = 这台机器上 Alt-SysRq 起作用（kernel.sysrq 是 { $value }）。
told-console-cad = 按 Ctrl-Alt-Del 会重启这台机器。
told-console-vt = 按 Ctrl-Alt-F2 到 F6 会出现登录（NAutoVTs 是 { $value }）。
told-console-unseen = { $what } 关了没有，从这里看不到。
told-emulator-foot = foot 自己的快捷键都关了。
told-emulator-foot-open = foot 的快捷键 { $key } 还开着。
told-emulator-unseen = 终端自己的快捷键（新窗口、搜索、链接）从这里看不到。
told-answers = 有回应，认这里的密钥。
told-absent = 没有连接，由手机办。
told-codes-desk = 由本台生成，由本台核对。
told-codes-campus = 由学校的平台生成，由学校的平台核对。
told-unprobed = 没有测试账号就不能查。
told-offline = 没有回应。
told-unavailable = 有回应，但不是能用的回答（它自己的错误，或读不懂）。
told-limited = 现在嫌问得太多。
told-refused = 拒绝了。
told-misconfigured = { $why }
told-clock-alone = 没有服务器可以对时。
told-clock = 和服务器最多差 { $n } 秒。
told-clock-doubted = 本机时间是 { $moment }，和以前的记录对不上：确认之前什么也不删，续办号也不过期。
told-signed-in = 登录成功，账号是 { $who }。
told-signed-in-other = 登录成功，但账号是 { $who }，不是 [doctor] 的学号。
told-wrong-password = 密码不对。
told-account-locked = 账号被锁定。
told-account-locked-for = 账号被锁定，{ $n } 分钟后解开。
told-account-disabled = 账号已停用，或者还没有启用。
told-account-expired = 账号已过期。
told-must-change = 密码正确，但要先改密码。
told-not-at-this-hour = 账号这个时间不许登录。
told-address-barred = 不许从这台机器登录。
told-other-number = 密码正确，但平台给出的学号和输入的不同。
told-not-a-student = 密码正确，但平台给出的不合学号的格式。
told-another-way = 还要验证码、二次验证或别的步骤，这里做不了。
told-member = 通讯录里读得到。
told-member-absent = 通讯录里没有这个账号。
told-member-unread = 通讯录读不到。
told-handed-over = 已交给 { $carrier }，请看手机。
told-delivered = 已送达（{ $carrier }）。
told-undelivered = 没有送达（{ $carrier }：{ $code }）。
remedy-late = 看看磁盘和网络，再查一遍
remedy-complaint = { $remedy }
remedy-pack = 运行 yingxin pack check 看是哪几处
remedy-no-terminal = 在台子的终端里运行
remedy-size = 把窗口放大到至少 80 列 24 行
remedy-colours = 终端支持真彩色的话，设 COLORTERM=truecolor
remedy-console = 用图形终端，比如 cage 加 foot
remedy-utf8 = 设 LC_ALL=C.UTF-8
remedy-width = 换一个按两列显示汉字的终端，比如 foot
remedy-ambiguous = 在终端的设置里，把宽度不定（ambiguous width）的字符设成一列
remedy-mouse = 键盘都能用；要触摸就换一个终端
remedy-qr-open = 在自己的校园包里补上，运行 yingxin pack check 看怎么写
remedy-qr-unread = 换短一些的内容，或者给一个短网址
remedy-disk = 换磁盘，这块不可靠
remedy-printer = 请看打印机的电源、纸、盖子和线，以及 yingxin.toml 的 [printer]；设备要有 lp 组的权限
remedy-space = 腾出磁盘空间
remedy-ours-foreign = 请运行 sudo -u { $as } yingxin；确定要换主人时才运行 chown -R { $id } { $path }
remedy-ours-away = 请把它移开，或换一个位置：mv { $path } { $path }.aside
remedy-ours-writable = 请先看看别人改过什么，再运行 chmod go-w { $path }
remedy-ours-readable = 请运行 chmod 600 { $path }
remedy-folder-seen = 请运行 chmod 700 { $path }
remedy-root = 请给迎新台一个自己的用户：useradd -m kiosk；chown -R kiosk { $path }；sudo -u kiosk yingxin
remedy-console-sysrq = 请在 /etc/sysctl.d/yingxin.conf 里写 kernel.sysrq = 0，再运行 sysctl --system
remedy-console-cad = 请运行 systemctl mask ctrl-alt-del.target，并在 /etc/systemd/system.conf 里写 CtrlAltDelBurstAction=none
remedy-console-vt = 请在 /etc/systemd/logind.conf 里写 NAutoVTs=0 和 ReserveVT=0，再重启机器
remedy-console-unseen = 请按一下，看是不是没有反应
remedy-emulator-foot = 请在 foot.ini 的 [key-bindings] 里把这些都设成 none：{ $key }
remedy-emulator-unseen = 请都按一下，有反应的在终端的设置里关掉
remedy-unprobed = 在 [doctor] 里给一个测试账号
remedy-offline = 看看网络、地址和防火墙
remedy-unavailable = 看日志里它回答了什么，请学校那边检查
remedy-limited = 过一分钟再查
remedy-misconfigured = 请管理员按这句话改：yingxin.toml 的 [{ $section }]，或者学校那边
remedy-log = 看日志里的原因：存储目录的 doctor.log 或 yingxin.log；还没有存储目录时看 stderr
remedy-clock = 让这台机器自动对时
remedy-clock-doubted = 时间对：yingxin clock confirm，或 F10 再按 L；不对：先校准时间
remedy-account = 看看 [doctor] 里的账号和密码
remedy-account-locked = 等它解开，或者请学校解锁这个账号
remedy-must-change = 先用浏览器登录一次，改好密码，再写进 [doctor] 的文件
remedy-not-at-this-hour = 换个时间再查，或者请学校放开时段
remedy-address-barred = 请学校放行这台机器的地址
remedy-number = 设 number_attribute（LDAP、CAS）或 claim（OIDC）为学号所在的那一项
remedy-another-way = 请学校对这台机器免去这一步，或者让学生用自己的手机登录
remedy-member-absent = 没有预先导入的话没关系
remedy-no-sms = 在 [sms] 里接一家短信
remedy-undelivered = 看看号码、信号，换一家试试

# 一天的登记：报表和志愿者的页面。
report-title = { $day } 的登记
report-title-days = { $first } 至 { $last } 的登记
report-served = 接待
report-bound = 绑定
report-bound-by-word = 学生自述
report-already = 早已绑定
report-ended = 没办完就结束
report-parked = 放一放（次）
report-waiting = 还在等
report-owed = 校园系统还没办的
report-tickets = 新开工单
report-tickets-pending = 未解决的工单
report-quarters = 每一刻钟
report-of-day = 每一天
report-day = 日期
report-number = 数
report-kind = 类别
report-item = 项目
report-time = 时间
report-total = 合计
report-spent = 用时
report-spent-line = 办完的（含学生自述），一半在 { $median } 分钟以内，最长 { $longest } 分钟（等候不计）。
report-spent-none = 还没有同学办完。
report-median-seconds = 中位数（秒）
report-longest-seconds = 最长（秒）
report-stops = 停在哪一步
report-stop-line = 停下 { $times } 次，没办完 { $n } 份
report-stops-none = 没有人停下。
report-step = 步骤
report-times = 次数
report-unfinished = 没办完
report-seal = 封签
report-question = 选择题
report-answers = 校园系统的答复
report-answers-none = 没有问过校园系统。
report-asked = 请求
report-answer = 答复
report-answer-done = 正常
report-act-sign-in = 登录
report-act-device-grant = 手机登录
report-act-find-member = 查询成员
report-act-bind-number = 登记手机号
report-act-send-code = 发验证码
report-act-check-code = 核对验证码
report-act-confirm-member = 确认成员
report-act-unbind = 解除绑定
report-none = 没有登记。
report-counted-only = { $first } 至 { $last } 的日志已按期清除，只剩总数。
report-outcome-open = 没有结束
report-outcome-seen = 绑定（已看到）
report-outcome-by-word = 绑定（学生自述）
report-outcome-left = 离开
report-outcome-ended = 志愿者结束
report-outcome-expired = 过期
report-visits = 每份登记
report-student = 学号
report-name = 姓名
report-mobile = 手机号
report-outcome = 结果
report-minutes = 分钟
report-made = yingxin { $version } 于 { $at } 生成

# The page that calls a volunteer, seen from across the room.
call-volunteer = 叫志愿者
call-title = { $desk } 号台需要志愿者
call-words = 请志愿者来。已经办好的都在，不用重来。
call-over = 不用了，回去继续

# Read from across the room: a few large characters. Each needs its picture in large_text.hex.
large-call = 请志愿者来

# What stands for a title that is too long to be large.
large-starting = 稍等
large-welcome = 欢迎
large-phone = 看手机
large-bound = 已绑定
large-noted = 先记下
large-stuck = 叫志愿者
large-offered = 接着办
large-ask-wechat-number = 同一个号？
large-ask-standing = 哪种情况
large-ask-old-binding = 老号在哪
large-ask-staff-bound = 职工号？
large-ask-onward = 用哪个绑
large-ask-cache-cleared = 登录页？
large-ask-sign-in-again = 再登录？
large-ask-phone = 哪种手机

## 安装（yingxin setup）

setup-title = 安装迎新台（第 { $n } 项，共 { $all } 项）
setup-wrong = 不对
setup-hint = 说明
setup-next = 下一项
setup-back = 上一项
setup-make = 完成并检查
setup-language = English
setup-leave = 先存着，退出
setup-asking = 正在检查这一项，请稍等。
setup-good = 这一项没问题。
setup-pins-differ = 两次输入的 PIN 不一样，请再输一次。
setup-pin-missing = 还没有设 PIN。请在这里输入两次。
setup-number = 台号
setup-number-hint = 1 到 999，每台不同。续办号的前三位就是它。
setup-pin = 志愿者 PIN
setup-pin-hint = 4 到 32 位数字、字母或符号。只保存加密后的校验值，不存进草稿。
setup-pin-again = 再输一次 PIN
setup-pin-again-hint = 和上一项一样。
setup-pack = 学校数据包
setup-pack-hint = 空着就是内置的 imut；也可以写文件路径，或学校的 https 地址。
setup-register = 注册二维码的图片
setup-register-hint = 海报的照片或图片，PNG 或 JPEG 的路径。没有就空着。
setup-follow = 关注二维码的图片
setup-follow-hint = 海报的照片或图片，PNG 或 JPEG 的路径。没有就空着。
setup-unbind = 解绑二维码的图片
setup-unbind-hint = 海报的照片或图片，PNG 或 JPEG 的路径。没有就空着。
setup-app = 企业微信下载二维码的图片
setup-app-hint = 海报的照片或图片，PNG 或 JPEG 的路径。没有就空着。
setup-area-code = 服务电话区号
setup-area-code-hint = 只写数字，如 0471。自带数据包的学校写在数据包里。
setup-campuses = 服务电话按几转哪个校区
setup-campuses-hint = 例：1 新城校区；2 金川校区
setup-sign-in = 统一身份认证的地址
setup-sign-in-hint = 会去问它支持哪种登录方式。空着就由学生在自己手机上登录。
setup-service = CAS 的 service 名
setup-service-hint = 学校为迎新台登记的名称。空着就用上面的地址。
setup-corp-id = 企业微信的企业 ID
setup-corp-id-hint = 空着就按手册办：由学生的手机完成，看学生说的。
setup-app-secret = 应用 Secret 的文件
setup-app-secret-hint = 文件里只写这一行，权限 600。能查成员，能确认验证。
setup-contacts-secret = 通讯录 Secret 的文件
setup-contacts-secret-hint = 文件里只写这一行，权限 600。能改手机号。短信等其余设置见 yingxin help setup。
setup-scanner = 条码枪
setup-scanner-hint = 台上有条码枪就写 keyboard（它像键盘一样打字）。没有就空着。
setup-printer = 小票打印机
setup-printer-hint = 设备如 /dev/usb/lp0，或它的 IP 地址，或 CUPS 队列名。没有就空着。
setup-paper = 小票纸宽
setup-paper-hint = 58mm 或 80mm。空着就是 58mm；没有打印机就空着。

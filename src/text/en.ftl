### All words of the kiosk. Written like a helpful person: short, polite, with the guide's Chinese names where the phone
### shows them in Chinese. No circled digits, curly quotes, ellipses or dashes: terminals disagree about their width.

## On every screen

desk-name = Desk { $n }
desk-kind = Welcome desk
practice-banner = everything is simulated, nobody is really registered; F9: the phone
step-notice = Notice
step-identity = Sign in
step-vouched = Papers
step-number = Number
step-follow = Follow
step-verify = Verify
do-next = Go on
do-back = Back
do-help = Help
do-theme = Colours
do-volunteer = Volunteer
do-practice-phone = Practice phone
do-close = Close
do-read = Read on
do-field = Next field
do-reveal = Show password
do-clear = Clear
do-retry = Try again
keypad-delete = Delete
keypad-ok = OK
do-step-aside = Next one first
short-volunteer = Vol.
short-retry = Retry
short-already-old = Old number
short-grant-anew = New code
short-grant-password = Password
short-step-aside = Next one
short-tell = Number
short-send = Send
short-resend = Resend
short-change-number = Number
short-practice-phone = Sim
short-here = Here
short-scanned = Scanned
short-pickup = Pickup number
short-agree = I agree
short-leave = I do not agree
short-unbind-other = Another
short-to-phone = My phone
short-to-desk = Here
short-leave-for-now = Leave
least-step-aside = Next
least-tell = Show
least-to-phone = Phone
least-to-desk = Here
way-to-phone = Use my phone
way-to-desk = Do it here
store-full = Please call a volunteer: the disk is full. This student can finish, nobody new can begin.
store-failed = Please call a volunteer: nothing can be saved now. No step is shown as done until it is.
store-read-only = Please call a volunteer: the disk has become read-only, and nothing can be saved. No step is shown as done until it is.
store-damaged = For the volunteer: some records on this machine were damaged; all others are there. Tell the administrator.
clock-doubted = For the volunteer: this machine's clock shows { $moment }. If that is right, press F10, then L; if not, set the clock first.
store-unproved = For the volunteer: the mark at the end of this machine's records is gone or old; whether any are missing cannot be told. Tell the administrator.
store-as-root = For the volunteer: this desk runs as root, which is not safe. Tell the administrator.
store-rebuilt = For the volunteer: the last run did not end cleanly. The data was checked and restored.
numbers-few = For the volunteer: { $n } pickup numbers are left. Please end registrations that nobody comes back for.
numbers-none = Please call a volunteer: no pickup number is left. What is put aside now is found by student number or name.
small-title = The window is too small
small-columns = { $n ->
    [one] 1 column is missing
   *[other] { $n } columns are missing
}
small-rows = { $n ->
    [one] 1 row is missing
   *[other] { $n } rows are missing
}

## What is under way

wait-sign-in = Checking who you are.
wait-sign-in-slowed = Many wrong passwords were typed at this desk: checking takes longer, please wait. A volunteer's PIN (F10) lifts that.
wait-grant = Waiting for you to sign in on your phone.
wait-find-member = Looking up your account.
wait-bind-number = Saving your number.
wait-send-code = Sending the code.
wait-check-code = The campus is checking the code.
wait-confirm-member = Finishing the verification.
wait-unbind = Deleting the old binding.
wait-at-most = { $words } It takes { $n } s at most; Esc stops waiting.

in-seconds = { $n } s
in-minutes = { $n } min
word-wait = Please wait
word-trouble = Please note
word-store = This desk
word-clock = Clock
word-practice = PRACTICE
word-gave-way = Volunteer
word-scan = Scanner
gave-way = Tell the student who stood here: pickup number { $pickup }, to come back with.
patience-left = Take your time: this desk waits { $n } min. Still here? Press the space bar.

## Start and welcome

starting-title = Ready in a moment
starting-words = Opening the records of last time, please wait.
welcome-title = Welcome, new students
welcome-scan = Scan this with WeChat
welcome-scan-after = Then press S: step by step, with you.
welcome-here = Or press Enter
welcome-here-after = and do it here, in about three minutes.
welcome-phone-way = Press Enter to begin
welcome-phone-way-after = You use your phone, we show each step.
welcome-enter = Do it here
welcome-enter-phone = Begin
welcome-scanned = I have scanned it
welcome-other = New student ID/staff
welcome-pickup = Have a pickup number
welcome-short = If scanning fails, open this in WeChat:
welcome-no-qr = Please call a volunteer: the registration QR code is missing.
welcome-no-qr-way = No need to wait: press Enter to begin without it.
welcome-qr-too-large = The window is too small for the QR code.
welcome-closed = This desk cannot take anybody now. Please go to the one next to it.
pickup-title = Go on where you stopped
pickup-ask = Please type the pickup number: seven digits.
pickup-wait = Several numbers were not found. Check yours, and press Enter again in a moment; or call a volunteer (F8).
pickup-missed = No visit has this pickup number. Please check it, or ask a volunteer.
pickup-foreign = Desk { $desk } gave this number. Please go to desk { $desk }.
pickup-length = A pickup number has seven digits.
pickup-character = A pickup number has digits only.
pickup-check = This is mistyped: a digit is wrong, or two have changed places. Please check it.
scan-not-here = What was scanned was not entered: nothing is scanned on this page.
scan-secret = What was scanned was not entered: type passwords and PINs on the keyboard.
scan-no-number = What was scanned was not entered: it is neither a student number nor a pickup number. Scan it again, or type it.

## Notice

notice-title = Before we begin
notice-title-desk = Before the desk takes over
notice-by-phone = No, go on by phone
notice-who = Who collects
notice-why = What for
notice-what = Which data
notice-days = At most { $n } days.
notice-how-long = Kept how long
notice-whom-to-ask = Whom to ask
notice-agree = I agree, begin
notice-leave = I do not agree, leave

## Signing in

identity-title = Sign in with your unified identity (统一身份认证)
identity-words = The user name is your student number, with the password of the university's sign-in page.
identity-number = Student number
identity-password = Password
identity-submit = Sign in
identity-password-empty = Please type your password.
identity-revealed = The password shows for three seconds: mind who stands near you.
identity-keys = The password only signs you in. It is not kept.
identity-signed-in = You are signed in.
identity-wide = The password seems to hold full-width characters: please check the input method.
identity-slow = The university's sign-in is slow today. Please give it a little longer.
identity-down = The university's sign-in cannot be used just now. Try once, or { $phone ->
    [yes] press F5 to use your own phone
   *[no] call a volunteer (F8)
}.
identity-vouch = Papers at hand? A volunteer (F10) can check them, and you go on.
grant-title = Sign in on your own phone
grant-scan = Scan this with your phone, sign in there, and agree.
grant-scan-plain = Scan this with your phone, type the code below on its page, sign in, and agree.
grant-no-qr = Open the address above on your phone, type the code below, sign in, and agree.
grant-no-password = The password is typed on your phone, not here.
grant-same-code = Your phone should show this code:
grant-type-code = The code to type:
grant-by-hand = Cannot scan? Open this on your phone:
grant-waits = Then this page goes on by itself. No hurry: it waits for { $n } minutes at least.
grant-not-heard = The university's sign-in does not answer just now. Go on with your phone: this desk keeps asking.
grant-asking = Getting a code to scan. Press Esc not to wait.
grant-none = You can get another code, or sign in another way.
grant-anew = Another code
grant-begin = Sign in on my phone
grant-password = With a password
unbind-title = Unbind the old number: sign in first
unbind-words = Sign in with the OLD number, not the new one. Nothing is deleted until you confirm.
unbind-grant-who = On the phone, sign in with the OLD student number, not the new one.
unbind-cannot-sign-in = The old number cannot sign in? Your own phone unbinds it without a sign-in here.
unbind-cannot-sign-in-here = The old number cannot sign in? Call a volunteer (F8), or press F4 for the hotline.
unbind-confirm-title = Unbind the old number: read before you confirm
unbind-what = To be deleted: the account of the OLD number { $student } in the university's WeCom, with its WeChat and mobile number.
unbind-after = It cannot be undone. Your new number is bound afterwards: go on here.
unbind-type = To delete it, type the last { $n } characters of the old number
unbind-wrong = That is not it. Nothing was deleted: look at the old number and type again.
unbind-nothing-yet = Nothing is deleted before you press Enter.
unbind-do = Delete it
unbind-other = Not this account
student-number-empty = Please type your student number.
student-number-character = A student number has { $letters ->
    [yes] letters and digits
   *[no] digits
} only.
student-number-short = A student number has at least { $n } characters. Please check it.
student-number-long = A student number has at most { $n } characters. Please check it.

## Forgotten password

forgotten-title = Forgotten password
forgotten-ask = Which campus are you on?
forgotten-campus = Campus { $digit }
forgotten-unknown = Not sure which? The staff here will tell you.
forgotten-call = Please call
forgotten-digit = then press { $digit }
forgotten-after = When it is reset, come back and sign in.

## Number

number-title = Your mobile number
number-of-wechat = Use the number your WeChat is bound to.
number-only = It alone will sign you in to WeCom.
number-other-case = Another one? Fine: it is verified later.
number-other-is-right = Your WeChat has another one. This is right: it is verified after the follow.
number-code-comes = The code is sent to this number.
number-label = Mobile number
number-code = +86
number-example = such as 138 0013 8000
number-submit = Next
number-good = The number looks right. Press Enter to go on.
number-empty = Please type the eleven digits of your number.
number-character = A mobile number has digits only.
number-short = { $n ->
    [one] One digit is missing.
   *[other] { $n } digits are missing.
}
number-long = Too many digits: a mobile number has eleven.
number-not-mobile = This does not look like a mainland mobile number. Please check it.
number-foreign = Numbers from abroad cannot be bound here. Please call a volunteer (F8): there are other ways.
number-queued = Your number is noted. Once the campus is back it is set, and this page goes on by itself. Wait a moment, or leave for now.
number-another = Use another number
number-unbind-old = Unbind my old student number
number-volunteer = Call a volunteer
number-again = Try this one again
number-vouched = A volunteer checked your papers. The number is noted now, and bound after you have signed in once.

## The question

ask-wechat-number-title = Is your WeChat bound to this number?
ask-wechat-number-title-phone = Is your WeChat bound to the number you have just typed on your phone?
ask-wechat-number-title-before = Is your WeChat bound to the number that you are going to register?
ask-wechat-number-words = What counts is the number in WeChat, not the card in the phone.
ask-wechat-number-yes = Yes, to this number
ask-wechat-number-no = No, to another number
ask-wechat-number-unsure = I am not sure
ask-wechat-number-look = Look it up in WeChat:
ask-wechat-number-path = Me > Settings > Account Security > Phone (我>设置>帐号与安全>手机号)
ask-wechat-number-path-after = Then choose 1 or 2. Still not sure? Press 3 again and go on.

## Follow

follow-title = Follow 【{ $account }】 in WeChat
follow-words = Scan the QR code with WeChat and tap 关注 (Follow).
follow-words-no-qr = Find 【{ $account }】 in WeChat and follow it.
follow-no-qr = Please call a volunteer: the QR code to follow is missing.
follow-notices = This screen notices by itself when you have followed; Enter looks once more now.
follow-said-by-hand = When you have followed, press Enter.
follow-submit = I have followed
follow-looking = Looking now, one moment.
follow-wait = Wait, and look again
follow-not-working = It does not work
follow-phone-shows = My phone shows that it is done
follow-not-seen-ways = Did you tap 关注 (Follow) in WeChat? It may take some seconds.
follow-then-verify = Your number is verified after that: when you have followed, press Enter.
follow-down = It cannot be looked up right now. When you have followed, press Enter.
follow-late = Followed, and nothing happens here?
follow-late-why = Your WeChat may be bound to another number.
follow-other-case = Another number
follow-check = Look again

## Code

sms-text = { $code } is your registration code. It is good for five minutes; tell nobody.
verify-title = Type the code from the SMS
verify-send-words = The code will go to { $mobile }.
verify-send = Send the code
verify-sent = The code went to { $mobile }.
verify-delivered = The message arrived. Type its six digits; it is submitted by itself.
verify-undelivered = The message did not arrive. Does the phone have a signal? Send it again, or change the number.
verify-type = Type its six digits; it is submitted by itself.
verify-ends = The code is good for { $minutes }:{ $seconds } more.
verify-resend-in = It can be sent again in { $n } s
verify-resend = Send it again
verify-resend-same = While it is good, the same code is sent again.
verify-resend-new = Another code is sent each time: type the one that came last.
verify-change-number = Change the number
verify-accepted = The code is right: the last step is under way.
verify-down = No SMS can be sent right now. Try again in a moment; or press F1, leave with a pickup number, and go on later.

## By the phone

coach-title = Look at your phone
coach-ask = What does your phone show now?
coach-number = Fill in this number
coach-version = Drawn from WeChat { $n }; yours may look a little different.
coach-tap = tap here
coach-tell = Show my number large

# The number that the phone was given, typed here too, so that it stands large.
tell-title = Shall your number be shown large?
tell-words = The phone will ask for the same number again. Type it here to have it shown large beside the phone; you need not.
tell-good = The number looks right. Press Enter to show it.
tell-show = Show it
tell-skip = No, skip
help-back = Go back
lead-cache-title = This is an old identity: do not fill it in
lead-cache-words = A phone that asks for the number without a sign-in still holds an old identity.
    Please do not go on there. In WeChat: Me > Settings > General > Storage, clear the cache, then scan again.
    If that does not help, get the WeCom app (企业微信) and scan with it.
lead-scan-title = How to scan
lead-scan-words = Open WeChat, tap the plus at the upper right, choose 扫一扫 (scan), point the phone at the code on the screen and wait until a page opens.
    If it is to be the WeCom app, open that and use its 扫一扫.
lead-scan-fails-title = It cannot be scanned
lead-scan-fails-words = Not scanned yet? Go back and scan it. If it fails, stand a step away so that the phone sees the whole code, try another angle where it reflects, or press F3 for other colours.
    Still nothing? Raise your hand: a volunteer comes.
lead-unknown-title = Please call a volunteer
lead-forgotten-words = It is the password of the university's sign-in page. If you forgot it, F4 shows the hotline; come back when it is reset.
lead-unknown-words = This cannot be settled on the screen. A volunteer will look at your phone.
lead-volunteer-title = Please call a volunteer
lead-volunteer-words = Raise your hand: a volunteer will look at your phone. What is done stays done.
lead-number-taken-words = Raise your hand: a volunteer will come. A relative's number: use another one. An account you had before: unbind it first. Neither: a ticket lets the service desk find out who has it. What is done stays done.
lead-volunteer-hotline = You may also call { $number }.

## Results

bound-title = You are bound
bound-name = Welcome, { $name }!
bound-words = From now on the university's messages reach you in WeCom and WeChat.
bound-next = Next student, please
noted-title = Noted by your word
noted-words = This desk has not seen that you are bound, so it notes what you say.
noted-true-when = If it is true, your WeChat has 【{ $account }】 and shows the university's apps in it.
noted-true-when-no-account = If it is true, your phone says that you are bound and shows the university's apps.
noted-later = It is looked up later. If it is not found, a volunteer calls you.
noted-else = You do not see it? Please stay and call a volunteer (F8).
noted-next = You see it on your phone? Then the next student, please
noted-already-title = Noted: your phone says bound
noted-already-words = This desk has not looked this number up: it only notes what your phone shows.
already-title = You are bound already
already-words = This student number is bound already. There is nothing left to do.
already-old = That is an old number, I have a new one
already-words-lost = It was not you, or the phone is a new one? Please call a volunteer (F8).
done-submit = Done
stuck-title = Please call a volunteer
stuck-words = This machine cannot do your case alone. A volunteer will go through it with you.
stuck-hotline = Hotline { $number }
closed-title = Ended
closed-words = This visit has ended.
parked-title = Put aside until you are back
parked-words = Please write this pickup number down, or take a photo:
parked-words-code = Please write this pickup number down, or take a photo; the QR code holds it too:
parked-desk = Please come back to desk { $desk }.
parked-no-number = No pickup number is left. Your registration is kept all the same: a volunteer finds it by your student number or name.
parked-after = When you are back press P and type it, then sign in again or show your papers to a volunteer: you go on where you stopped.
parked-owed = What you gave is noted, and done by itself once the campus is back. Press P here later, type this number and sign in again.
parked-vouched = Your number is noted. Once sign-in works again, come back, press P, type this number and sign in: then it is bound.
parked-next = I have noted it
panel-printer = Printer
printer-untried = not used yet
printer-printing = prints
printer-well = works
printer-busy = still prints another slip; this one was not taken
printer-no-paper = no paper, or its cover is open
printer-offline = takes nothing: look at power and cable
printer-absent = not found: look at the cable
printer-not-allowed = may not be used: ask the administrator
slip-practice = Practice: nothing is real
slip-pickup = Pickup number
slip-back = Bring your phone and papers. Press P and type this number, or hold the code to the scanner; sign in again, and you go on where you stopped.
slip-hotline = Hotline  { $number }
slip-print = Print
slip-offer = P prints a slip.
slip-printing = The slip is being printed.
slip-printed = The slip is printed: take it with you.
slip-busy = The printer still prints another slip. Note the number, or press P again.
slip-failed = No slip was printed. The printer: { $why }. Note the number; P tries again.
offered-title = Go on where you stopped?
offered-words = Student { $student } has a registration here that is not finished.
offered-words-unknown = There is a registration here that is not finished.
offered-sign-in = Please sign in again to go on.
offered-unsigned = Is it yours? A volunteer presses F10, and you go on. If not, press Esc and begin anew.
offered-grant = Please sign in again on your own phone to go on.
offered-grant-who = Whoever this registration belongs to signs in.
offered-volunteer = Cannot sign in? A volunteer checks your papers and presses F10.
offered-volunteer-only = Please ask a volunteer to check your papers and press F10.
offered-dismiss = Not mine

## Troubles: words for the student

trouble-sign-in-offline = The university's sign-in does not answer; it is not your fault. Try again, or { $phone ->
    [yes] press F5 to use your own phone
   *[no] call a volunteer (F8)
}.
trouble-sign-in-unavailable = The university's sign-in has a fault of its own; it is not yours. Try again in a while, or { $phone ->
    [yes] press F5 to use your own phone
   *[no] call a volunteer (F8)
}.
trouble-sign-in-wrong = Student number or password is wrong. Try again, or press F4 if you forgot it.
trouble-sign-in-locked = This account is locked for a while and opens again by itself. In a hurry? Press F4 and call.
trouble-sign-in-locked-for = This account is locked and opens in { $wait }: sign in then. In a hurry? Press F4 and call.
trouble-sign-in-disabled = This account is disabled, or not enabled yet. Please call a volunteer, or press F4 for the hotline.
trouble-sign-in-expired = This account has expired. Please call a volunteer, or press F4 for the hotline.
trouble-sign-in-must-change = The password is right, but has to be changed first. Please { $phone ->
    [yes] press F5 and
   *[no] first
} change it on your phone at the sign-in page, then sign in here.
trouble-sign-in-hour = The university does not let this account sign in at this hour. Come back later; in a hurry, call a volunteer.
trouble-sign-in-address = The university's sign-in does not take this desk; it is not your fault. Please { $phone ->
    [yes] press F5 to use your own phone, or call a volunteer
   *[no] call a volunteer (F8)
}.
trouble-sign-in-another-way = The sign-in asks for a step that this desk cannot do, such as a picture code or an SMS code. Please { $phone ->
    [yes] press F5 to use your own phone
   *[no] call a volunteer (F8)
}.
trouble-sign-in-other-number = The password is right, but the university has another student number for this account. Sign in with your student number (not a mobile or ID number); if it is right, call a volunteer (F8).
trouble-sign-in-not-a-student = The password is right, but this account has no student number: a staff account, perhaps. Sign in with your student number; if you did, call a volunteer (F8).
trouble-sign-in-limited = The sign-in asks us to slow down. Wait a minute, or { $phone ->
    [yes] press F5 to use your own phone
   *[no] call a volunteer (F8)
}.
trouble-sign-in-limited-until = Please pause for { $wait }, so that the account is not locked. Forgotten the password? Press F4.
trouble-sign-in-misconfigured = Signing in does not work here; it is not your fault. Please { $phone ->
    [yes] call a volunteer, or press F5 to use your phone
   *[no] call a volunteer (F8)
}.
trouble-grant-offline = No code to scan can be had just now; it is not your fault. Press N to try again, or choose another way.
trouble-grant-denied = The phone did not agree to this sign-in. To sign in, press N and scan another code.
trouble-grant-expired = This code is over. Press N for another one and scan it.
trouble-grant-not-a-student = The phone signed in as somebody who has no student number. Sign out there, use your student number, and press N; if you did, call a volunteer (F8).
trouble-grant-limited = The sign-in asks us to slow down. Wait a minute, then press N for another code.
trouble-grant-limited-until = The sign-in asks us to slow down. Wait { $wait }, then press N for another code.
trouble-grant-misconfigured = Signing in on the phone does not work here; it is not your fault. Choose another way, or call a volunteer.
trouble-follow-not-seen = Your follow has not been seen yet.
trouble-follow-not-looked = It cannot be looked up right now; it is not your fault.
trouble-somebody-else = That is another student. Please sign in with the number this visit began with.
trouble-old-number = That is the old number, just unbound. Please sign in with the new one.
trouble-directory-number-taken = This number belongs to another account: your old student number's, perhaps, or a relative's. Use another number, or unbind that account first.
trouble-directory-offline = WeCom does not answer; it is not your fault. What you gave is noted and done once it is back, or press Enter to try again.
trouble-directory-unavailable = WeCom has a fault of its own; it is not yours. What you gave is noted and done once it works again, or press Enter to try again.
trouble-directory-bad-number = WeCom does not take this number. Please check it, or use another one.
trouble-directory-already-active = Your WeCom is active already: its number cannot be changed here. Call a volunteer (F8).
trouble-directory-disabled = Your WeCom account is disabled. Please call a volunteer (F8).
trouble-directory-departed = WeCom shows that you left it. Please call a volunteer (F8).
trouble-directory-creator = This account founded the university's WeCom: it cannot be unbound here. Please call a volunteer (F8).
trouble-directory-unknown = WeCom does not know you yet: the list may be late. Please call a volunteer (F8).
trouble-directory-other = WeCom could not do it; it is not your fault. Please call a volunteer (F8).
trouble-directory-limited = Many people are doing this now. Wait a minute, then press Enter.
trouble-directory-limited-until = Many people are doing this now. Wait { $wait }, then press Enter.
trouble-directory-misconfigured = This step does not work here; it is not your fault. Please call a volunteer (F8).
trouble-sms-offline = It is not known whether the SMS went out. Wait a little; if none comes, press S to send it again.
trouble-sms-bad-number = The SMS service says the number is wrong. Press C to change it.
trouble-sms-desk-full = This desk has sent all the codes that it may in an hour; it is not your number. Call a volunteer (F8): a PIN lifts that.
trouble-sms-blocked = This number takes no such messages. Press C to change it, or call a volunteer (F8).
trouble-sms-other = The SMS was not sent; it is not your fault. Try again soon, or call a volunteer (F8).
trouble-sms-limited = Too many messages right now. Wait a minute, then send it again.
trouble-sms-limited-until = This number got many codes; another one in { $wait }. In a hurry? Call a volunteer (F8).
trouble-sms-misconfigured = No SMS can be sent here; it is not your fault. Please call a volunteer (F8).
trouble-code-check-offline = The campus could not check the code just now. It is not your fault and costs no try: wait a little, and type it again.
trouble-code-check-limited = Too many checks right now. Wait a minute, then type the code again.
trouble-code-check-limited-until = Too many checks right now. Type the code again in { $wait }.
trouble-code-check-misconfigured = No code can be checked here; it is not your fault. Please call a volunteer (F8).
trouble-code-wrong = { $n ->
    [one] The code is wrong. One try is left.
   *[other] The code is wrong. { $n } tries are left.
}
trouble-code-spent = Too many wrong tries: this code is used up. A new one must be sent.
trouble-code-expired = The code has expired. A new one must be sent.
trouble-fate-unknown = The desk was restarted: the SMS may have gone out or not. Type the code, or press S to send it again.
trouble-unbind-unknown = It may have been deleted or not. If you have bound again since, press Esc; to unbind, confirm once more.

## Troubles: causes for the volunteer

cause-sign-in-offline = the unified identity gave no answer in time.
cause-sign-in-unavailable = the unified identity answered, but with a fault of its own or with nothing that can be read: see the log.
cause-sign-in-wrong = unknown number or wrong password (the server does not tell which).
cause-sign-in-locked = the server locked the account.
cause-sign-in-locked-for = the server locked the account, and says that it opens in { $wait }.
cause-sign-in-disabled = the account is disabled or not enabled yet.
cause-sign-in-expired = the account has expired (not the password).
cause-sign-in-must-change = the password is right, and the server wants it changed first (an initial or expired password).
cause-sign-in-hour = the account may not sign in at this hour.
cause-sign-in-address = the server takes no sign-in from this desk's address: the administrator has to allow it.
cause-sign-in-another-way = the server wants a captcha, a second factor, a consent or another step that this desk cannot do.
cause-sign-in-other-number = signed in, and the server gives another number than the one typed (an alias such as a mobile number, or a changed number). Compare it with the student; if it is so for everybody, the administrator sets number_attribute or claim.
cause-sign-in-not-a-student = signed in, and what the server gives is no student number (a staff account, perhaps). Compare it with the student; if it is so for everybody, the administrator sets number_attribute or claim.
cause-sign-in-limited = the account pauses after wrong passwords here, or the server throttles. With the papers seen it can go on.
cause-grant-offline = the unified identity gave no code, or none that is one.
cause-grant-unavailable = the unified identity answered, but with nothing that can be used: see the log.
cause-grant-denied = the phone refused the sign-in.
cause-grant-expired = nobody signed in on a phone in time.
cause-grant-not-a-student = the phone's account has no student number: a staff account, perhaps. Compare it with the student; if it is so for everybody, the administrator sets claim.
cause-grant-limited = the server throttles this desk.
cause-follow-not-seen = the student says it is followed; the member is not active in the contacts yet.
cause-somebody-else = whoever signed in is not this visit's student.
cause-old-number = the old number signed in where the new one is asked for.
cause-directory-offline = WeCom gave no answer in time.
cause-directory-unavailable = WeCom answered, but with nothing that can be used: see the log.
cause-directory-number-taken = the number belongs to another member (60104).
cause-directory-bad-number = the number is not taken (60103).
cause-directory-already-active = the member is active: change its number in the admin console, or unbind first.
cause-directory-disabled = the member is disabled: enable it in the admin console.
cause-directory-departed = the member left the company: invite again in the admin console.
cause-directory-creator = the member is the corp's creator and cannot be deleted (301005).
cause-directory-unknown = no such member, and this desk may not make one (60111).
cause-directory-other = WeCom answered { $n }.
cause-directory-limited = WeCom throttles this desk.
cause-sms-offline = the SMS service gave no answer: the message's fate is unknown.
cause-sms-unavailable = the SMS service answered, but with nothing that can be used: the message's fate is unknown.
cause-sms-bad-number = the SMS service takes the number for invalid.
cause-sms-desk-full = the desk's messages of this hour are used up; the PIN has begun the count anew: send it again.
cause-sms-blocked = the number is on a block list of its operator or the service.
cause-sms-other = the SMS service refused: see the log.
cause-sms-limited = the SMS service throttles.
cause-code-check-offline = the campus's platform gave no answer to the check: nobody knows whether the code is right.
cause-code-check-unavailable = the campus's platform answered the check with nothing that can be used: nobody knows whether the code is right.
cause-code-expired = the campus's platform says that the code has expired, or that there is none.
cause-code-wrong = a wrong code was typed.
cause-code-spent = the code's tries are used up.
cause-fate-unknown = a message was under way at the restart; its fate is unknown.
cause-unbind-unknown = a deletion was cut off; the member stands and may be a new binding. The desk never repeats it by itself.
cause-misconfigured = the configuration: { $why }

## Leaving and idling

leave-title = Leave?
leave-words = What you gave is kept: a pickup number lets you go on later.
leave-stay = Stay and go on
leave-go = Leave
leave-desk-title = Leave the desk
leave-desk-words = What is in hand is kept.
leave-desk-refused = The system did not take it. Please call the administrator.
leave-desk-stay = Back
leave-desk-restart = Start the desk again
leave-desk-off = Switch the machine off
leave-desk-maintenance = Maintenance (the administrator's own password)
idle-title = Are you still there?
idle-words = { $n ->
    [one] In 1 second the screen is cleared for the next student.
   *[other] In { $n } seconds the screen is cleared for the next student.
}
idle-keep = Press any key to go on
idle-safe = What is done stays done.
idle-anew = Nothing is done yet: just begin again next time.
idle-number = Then you get a pickup number, to go on with later.

## Help

help-title = Help
help-search = Type to search: words, or pinyin such as qchc
help-none = Nothing found. Try other words, or ask a volunteer.
help-open = Open
help-list = All questions
help-more = { $n ->
    [one] One more line: PgDn
   *[other] { $n } more lines: PgDn
}
help-above = PgUp: back up
help-list-place = { $at }/{ $all }: Up and Down show the others
help-keys-title = How to use this machine
card-keys = Keys
card-machine = When the machine is in trouble
card-troubles = Troubles, and what to do
card-poster-desk = Or come to desk { $desk }: the volunteers help you.
card-poster-until = The code is good until { $day }.
route-title = Your steps
route-left = { $n ->
    [0] All done
    [one] One step left
   *[other] { $n } steps left
}
route-brief = { $n ->
    [one] One step
   *[other] { $n } steps
} left: { $reason }
route-open = What follows depends on your answers.
help-keys = Enter goes on, Esc goes back, Tab goes to the next field or button. On a touch screen just tap.
help-keys-more = F2 language, F3 colours, F6 lets the next one go first while you wait, F8 calls a volunteer, F10 is the volunteer's, Ctrl-L repaints.
help-keys-second = Are your F-keys brightness and volume? Hold Alt and press the same digit: F1 is Alt-1, F10 is Alt-0. Or hold Ctrl and press a letter: G help, T language, Y colours, F forgotten password, O the other way, N next one first, B ticket, V calls a volunteer, K volunteer's panel.
help-leave = Leave and come back later
help-volunteer = Not sure? Raise your hand, a volunteer will come.
help-hotline = Hotline { $number }
help-cause = For the volunteer: { $cause }
help-welcome = New students bind the university's WeCom here. Scan with your phone, or press Enter and do it here. If you left halfway, press P and type your pickup number.
help-notice = This page says which of your data is used. Enter agrees; Esc leaves, and nothing is kept.
help-identity = The user name is your student number, the password that of the unified identity. Ctrl-R shows it for three seconds. Forgotten? Press F4.
help-grant = Scan the code with WeChat or the camera, sign in on your own phone and agree: this page goes on by itself. The phone must show the same code. P uses a password, F5 the phone for everything.
help-unbind = Sign in with the old number, then type its last characters. Esc changes the account; F5 unbinds by your phone instead.
help-number = The number your WeChat is bound to; it signs you in to WeCom later. Another number works too: it is verified after the follow. Spaces, hyphens and +86 may stand in it.
help-ask = Some have a WeChat that is bound to another number. The right answer makes the rest smooth. 3 tells you where to look.
help-follow = Open WeChat and scan with the plus sign at the top. If the phone holds an old identity, first clear the cache in WeChat: Me > Settings > General > Storage.
help-verify = The SMS usually comes within a minute. It can be sent again, and the number can be changed.
help-coach = Do on your phone what the picture shows: the marked place is the one to tap. Then choose what you see.
help-done = When you see this page, there is nothing left to do.
help-parked = The pickup number only finds your visit. You sign in again when you are back, so nobody else can use it.

## Volunteer

pin-title = Volunteer
pin-ask = Please type the PIN.
pin-checking = Checking, please wait.
pin-still = { $name } was here. Still you? Press Enter. If not, type your own PIN.
pin-wrong = Wrong PIN.
pin-wait = Wrong PIN. Try again in { $n } s.
pin-practice = The PIN for practice is { $pin }.
panel-title = Volunteer
panel-title-by = Volunteer: { $name }
panel-go-on = Go on with this visit
panel-vouch = Papers seen: go on
panel-restart = Let the student begin again
panel-park = Put aside, give a pickup number
panel-next = Next student; this one gets a pickup number
panel-end = End this visit
panel-quit = Leave the program
panel-leave-desk = Restart, switch off
panel-end-sure = Press X again to end this one
panel-waiting-list = Waiting ({ $n })
panel-tickets-list = Open tickets ({ $n })
panel-outbox-needed = Campus has to do ({ $n }, { $needed } for you)
panel-day = The day so far
panel-hand-over = Hand over
panel-clock = The time is right: { $moment }
hand-title-by = { $name } hands over
hand-waiting = Waiting: { $n }
hand-owed = Not yet done by the campus: { $n }, of these for a person: { $needed }
hand-tickets = Unsolved tickets: { $n }
hand-more = { $n } more
hand-pin = Whoever takes over reads this, then types their own PIN.
hand-confirm = All read: I take over
hand-read-on = There is more below: please read it first.
hand-same = This is the PIN of the one who hands over. The next one's is needed.
hand-keeping = Writing it down, please wait.
hand-not-kept = It cannot be kept now: nothing was handed over. Please try again later.
hand-done = It is noted. The shift goes on.
hand-done-to = It is noted: { $name } is at the desk now.
hand-to-panel = To the panel
day-reading = Reading the journal, please wait.
day-failed = The journal cannot be read now. Please look again later, or run yingxin report on this machine.
panel-quit-type = Type quit
panel-quit-how = Enter leaves the program, Esc does not.
panel-enter = Do the marked one
panel-find = Find
waiting-find = Number, its last digits, surname or pinyin
waiting-count = { $found } found, { $n } waiting.
waiting-none = None found. Check the number, or type its last digits or a surname.
waiting-how = Type digits or press W to find one.
waiting-take-up = Papers seen: go on
waiting-ticket = Ticket, keeps waiting
waiting-number = Number
waiting-who = Name
waiting-student = Student
waiting-step = At
waiting-since = For
waiting-why = Waits for
waiting-at-question = question
waiting-at-stuck = no way on
waiting-at-end = all done
waiting-for-person = you
waiting-for-ticket = hotline
waiting-for-gone = student (left)
waiting-for-student = student
waiting-for-sign-in = sign-in
waiting-for-campus = campus
panel-no-visit = Nobody is being registered now.
panel-visit-over = This registration has ended.
panel-papers-seen = This student's papers were seen already.
panel-papers-signed-in = This student has signed in: no papers are needed.
panel-papers-nobody = Nobody has signed in here: no papers are needed, press G to go on.
panel-papers-later = Papers are for when a student signs in here and it cannot be reached.
panel-clock-sure = Nobody doubts this machine's clock.
panel-examine-later = The check would take the screen from the student: run it afterwards.
panel-today = Today
panel-counts = { $opened } taken, { $bound } bound, { $word } by word, { $already } bound before, { $parked } put aside, { $ended } other
panel-waiting = Waiting
panel-nobody = Nobody waits.
panel-more = { $n } more: use the arrow keys.
panel-since = { $n } min
panel-unknown = not signed in
panel-gateways = Connections
gateway-identity = identity
gateway-device-grant = sign-in by phone
gateway-directory = directory
gateway-sms = SMS
gateway-absent = not connected
gateway-untried = not known (not tried lately)
gateway-up = up
gateway-slow = slow
gateway-down = down for { $n } min
gateway-not-private = down for { $n } min: { $why }
tls-expired = its certificate has expired, or this clock is wrong
tls-not-yet-valid = its certificate is not valid yet, or this clock is wrong
tls-wrong-name = its certificate is for another name
tls-unknown-issuer = its certificate is from an authority not known here
tls-self-signed = its certificate is self-signed
tls-revoked = its certificate was withdrawn
tls-certificate = its certificate cannot be verified
tls-too-old = its version of TLS or its ciphers are too old
tls-not-tls = no TLS at this port
tls-no-start-tls = it offers no StartTLS
tls-handshake = the TLS handshake failed
panel-sms-handed-over = The message is with { $carrier }; nothing is reported yet.
panel-sms-delivered = The message arrived ({ $carrier }).
panel-sms-failed = The message did not arrive ({ $carrier }: { $code }).
panel-cause = Stopped by: { $cause }
panel-outbox = Not yet done by the campus ({ $n })
gateway-directory-write = directory (writing)
do-volunteer-needed = Volunteer ({ $n })

outbox-title = Not yet done by the campus
outbox-what = What
outbox-when = Next
outbox-none = All done: nothing is waiting.
outbox-bind = set the number
outbox-confirm = complete the verification
outbox-check = look up the follow
outbox-unbind = delete the old number
outbox-stopped = needs you
outbox-now = trying now
outbox-next = again in { $wait }
outbox-behind = waits
outbox-story = Waiting for { $n } min, tried { $tries } times.
outbox-last = Last answer: { $cause }
outbox-unasked = not asked yet.
outbox-do-nothing = Nothing to do: it is done by itself once the campus is back. Press Enter to try it now.
outbox-do-fate-unknown = Have the student come back with the pickup number and confirm. Do not delete for them: it may be a new binding.
outbox-do-not-active = The student said it is followed; the contacts do not show it as active. Look at the phone again, or open a ticket.
outbox-do-misconfigured = Have the administrator mend the configuration, then press Enter.
outbox-do-number = Have the student come back with the pickup number and give another number, or open a ticket.
outbox-do-console = Have the administrator mend it in the WeCom console, then press Enter.
outbox-do-ticket = It cannot be mended here: press T for a ticket.
outbox-do-ticket-open = A ticket is open.
outbox-try = Try again
outbox-ticket = Open a ticket
outbox-let-go = No longer needed
outbox-let-go-sure = Press X again: no longer needed

vouch-title = Check papers and vouch
vouch-words = Look at the student card, or the identity card and the admission letter, and type the student number.
vouch-find = Look up
vouch-wrong = That does not look like a student number here.
vouch-looking = Looking in the roster.
vouch-missing = The roster has no such number. Check the papers, or open a ticket.
vouch-no-roster = No roster was imported on this desk, so nobody can be vouched for. Put the visit aside and give a pickup number.
vouch-not-now = This desk cannot store anything now: nobody can be vouched for.
vouch-found = { $name }  { $student }
vouch-papers = Compare: this name and this number on the papers, and the photo is the person.
vouch-then-parks = The number is noted and a pickup number given; it is bound after a sign-in, once that works again.
vouch-then-binds = The number is given next, and bound once the campus is back.
vouch-do = Checked: it is this student
vouch-other = No: type again

## Practice phone

phone-title = Practice phone (in practice only)
phone-wechat = WeChat's number: { $number }
phone-messages = Messages
phone-no-messages = No messages yet
phone-new-number = WeChat's new number
phone-actions = What can be done
phone-focus = Digits act; B: a bad day, D: the drill, N: another number, Esc: the desk
phone-unfocused = F9 takes this phone in hand
phone-title-held = Practice phone: it has the keys now
phone-strip = Practice phone
phone-strip-short = Phone
phone-next = Next: { $number }, password { $password }
phone-let-go = Desk
phone-bad-days = Bad day
phone-number = Number
phone-number-take = Use this number
phone-days = A bad day: a digit sets it, again takes it back
phone-days-none = A bad day: a digit sets it, again takes it back. All is well now
words-between = { ", " }

phone-drill = Drill

drill-title = The drill of five minutes
drill-over = The drill is over
drill-words = { $n } things, in any order, the bad day last. What is done is ticked off by itself; F9, D shows this page again.
drill-banner = Drill { $done }/{ $all }, next: { $task } (F9, D: how)
drill-banner-bad = Drill { $done }/{ $all }: { $task } | { $bad }
drill-register = Finish a registration
drill-pick-up = Put one aside, and take it up again
drill-vouch = No network: check papers; restore it
drill-ticket = Open a ticket
drill-bad-day = Last a bad day, the student helped
drill-register-how = On Welcome press Enter, and Enter again to agree. Number { $number }, password { $password }; mobile { $mobile }; answer 1: WeChat has it.
    On the page with the follow code: F9, then 2 scans it. The screen turns green: Esc lays the phone down, Enter.
drill-pick-up-how = Begin another one (number { $number }, password { $password }); after the sign-in press Esc, then 2 to leave: note the pickup number.
    On Welcome press P, type that number, Enter; sign in again with the same student number, and it goes on.
drill-vouch-how = Only while the sign-in cannot be reached. F9, B, 1: no network; Esc twice lays the phone down. Begin one and sign in ({ $number }, { $password }).
    When it cannot be reached: F10, the PIN { $pin }, V, type the student number, Enter, compare, then 1.
    Last F9, B, 1 restores the network: only then is it done.
drill-ticket-how = While a registration is in hand (else begin one and sign in): F1, then F7; write what is wrong (Tab: the next field), Enter. The student notes the number; call the hotline.
drill-bad-day-how = Where the line at the top says that something goes wrong, take that back first. F9, B, and a digit sets a bad day. Begin a registration, read what the desk says, and look after the student: another way, put aside, papers, or a ticket.
    Then F9, B and the same digit take it back.
drill-leave-first = Leave the one in hand first: Esc, 2 when it asks, and back to Welcome.
drill-register-failed = Failed: a sign-in or a binding was refused, or it was only the student's word.
drill-pick-up-failed = Failed: the number was not found, or somebody else signed in.
drill-vouch-failed = Failed: it was another student, and the roster was looked into once more.
drill-bad-day-failed = Failed: it was taken back before a student was looked after.
drill-head-task = To do
drill-head-time = Took
drill-passed = Passed: all { $all } done, in { $took }.
drill-passed-late = Passed: all { $all } done, in { $took }: more than five minutes.
drill-not-passed = Not passed: { $done } of { $all } done, in { $took }.
drill-read-again = Where it says "read again": Up and Down show how it is done.
drill-ready = All at the first try: ready for the day.
drill-not-done = not done: read again
drill-failed = { $n } failed: read again
drill-go = Go and do it
drill-end = End the drill
drill-close = Close
drill-again = Once more

bad-days-now = Going wrong on purpose: { $days }
bad-days-count = Going wrong on purpose: { $n } things (F9, B: which)
bad-days-few = Fault: { $days }
bad-days-many = Faults: { $n }
own-trouble-account-locked = this student's account is always locked
own-trouble-account-disabled = this student's account is always disabled
own-trouble-member-disabled = this student's member is always disabled
own-trouble-member-departed = this student has always left the company
bad-day-on = { $day } (on)
bad-day-no-network = The campus network is gone
bad-day-short-no-network = no network
bad-day-no-sms = Text messages do not arrive
bad-day-short-no-sms = no SMS
bad-day-account-locked = The unified identity's accounts are locked
bad-day-short-account-locked = locked
bad-day-number-taken = The number belongs to another account
bad-day-short-number-taken = taken
bad-day-follow-unseen = Followed, and the campus does not see it
bad-day-short-follow-unseen = unseen
bad-day-slow = The campus's systems are slow
bad-day-short-slow = slow

phone-page-home = WeChat's first page
phone-page-role = Registration: choose your role
phone-page-login = The unified identity's sign-in page
phone-page-number = The page that asks for the mobile number
phone-page-follow = The follow QR code: long-press it
phone-page-followed-active = Done: followed, the account is active
phone-page-followed-inactive = Followed; verify at the assistant next
phone-page-assistant = The assistant's chat with its menu
phone-page-assistant-number = The assistant asks for the first number
phone-page-assistant-code = The assistant asks for its SMS code
phone-page-verified = 关注成功: verified, account is active
phone-page-already-bound = This account is bound already
phone-page-sms = The inbox of text messages
phone-page-grant = Sign in at the desk? Compare the code

phone-do-scan-register = Scan the registration QR code
phone-do-scan-grant = Scan the desk's sign-in code
phone-do-grant-approve = Sign in and agree
phone-do-grant-deny = Refuse
phone-do-scan-follow = Scan the follow QR code
phone-do-assistant = Open the assistant
phone-do-read-sms = Read the text messages
phone-do-reset = Take a new student's phone
phone-do-tap-role = Tap 在校师生
phone-do-sign-in = Sign in with student number and password
phone-do-sign-in-wrong = Sign in with a wrong password (to practise it)
phone-do-fill-number = Fill in the number this WeChat is bound to
phone-do-fill-other-number = Fill in another number
phone-do-follow = Long-press the code and follow
phone-do-assistant-verify = Tap 关注身份验证 in the menu
phone-do-assistant-number = Fill in the same number as in the first step
phone-do-assistant-other-number = Fill in a different number (to practise it)
phone-do-assistant-code = Type the code that came by SMS
phone-do-assistant-wrong-code = Type a wrong code (to practise it)
phone-do-home = Back to WeChat's first page

phone-short-scan-register = Register
phone-short-scan-grant = Code
phone-short-scan-follow = Follow
phone-short-assistant = Assistant
phone-short-read-sms = SMS
phone-short-reset = New
phone-short-home = Home
phone-short-sign-in = Sign in
phone-short-sign-in-wrong = Wrong password
phone-short-fill-number = WeChat's number
phone-short-fill-other-number = Another number
phone-short-assistant-number = Same number
phone-short-assistant-other-number = Different number
phone-short-assistant-code = Type the code
phone-short-assistant-wrong-code = Wrong code
phone-short-assistant-verify = 关注身份验证
phone-short-grant-approve = Agree
phone-short-grant-deny = Refuse

phone-said-scanned = Scanned: the registration page opened
phone-said-signed-in = Signed in
phone-said-password-wrong = Wrong user name or password
phone-said-account-locked = The account is locked
phone-said-number-set = The number is set
phone-said-number-taken = The number belongs to another account
phone-said-followed-active = Followed: the account is active
phone-said-followed-inactive = Followed; the number differs: verify
phone-said-follow-stranger = Your number is not known there yet
phone-said-already-active = The account is active already
phone-said-member-disabled = The member is disabled
phone-said-nothing-to-verify = Nothing to verify: follow first
phone-said-code-sent = A code was sent to that number
phone-said-number-differs = Not the number of the first step
phone-said-code-wrong = The code is wrong
phone-said-code-expired = The code has expired: get another
phone-said-code-spent = Five wrong tries: no more today
phone-said-verified = Verified: 关注成功
phone-said-sms-none = No messages yet
phone-said-sms-read = These are the messages, the newest first
phone-said-reset = This is a new student's phone now
phone-said-grant-approved = Signed in, and the desk may know
phone-said-grant-denied = This sign-in was refused
phone-said-grant-expired = This code is over

ask-standing-title = Which of these are you?
ask-standing-words = Choose the nearest: then only what is needed is done.
ask-standing-first-time = This is my first time
ask-standing-new-number = My student number changed (preparatory to undergraduate, undergraduate to postgraduate)
ask-standing-staff = I work here and also study here
ask-standing-unsure = Not sure
ask-standing-look = Think back:
ask-standing-path = Did you ever bind the university's WeCom with another student or staff number?
ask-standing-path-after = If not, choose 1. Still not sure: press 4 again and go on as the first time; you are told if you are bound already.

ask-old-binding-title = Where is the old student number bound?
ask-old-binding-words = The number you had before.
ask-old-binding-wechat = In WeChat, as an account I follow
ask-old-binding-app = In the WeCom app (企业微信)
ask-old-binding-unsure = Not sure
ask-old-binding-look = Look at your phone:
ask-old-binding-path = The university's account among WeChat's contacts means WeChat; messages in the WeCom app alone mean the app
ask-old-binding-path-after = Then choose. Still not sure: press 3 again and go on as WeChat.

ask-staff-bound-title = Is your staff number bound in WeChat?
ask-staff-bound-words = A WeChat that holds the staff number takes no student number.
ask-staff-bound-yes = Yes, in WeChat
ask-staff-bound-no = No
ask-staff-bound-unsure = Not sure
ask-staff-bound-look = Look at your phone:
ask-staff-bound-path = Is the university's account among WeChat's contacts?
ask-staff-bound-path-after = If so choose 1, else 2. Still not sure: press 3 again and use the WeCom app, which works either way.

ask-onward-title = Unbound. What will you bind with?
ask-onward-words = The WeCom app is recommended: WeChat's cache does not get in its way.
ask-onward-app = The WeCom app (recommended)
ask-onward-wechat = WeChat again, after a look at its cache

ask-cache-cleared-title = After 在校师生, did the sign-in page come?
ask-cache-cleared-words = The sign-in page means that the cache is cleared; the page for the mobile number means that it is not.
ask-cache-cleared-yes = The sign-in page
ask-cache-cleared-no = The page for the mobile number
ask-cache-cleared-unsure = Not sure
ask-cache-cleared-look = Scan the registration code once more:
ask-cache-cleared-path = scan > 在校师生 > see which page comes
ask-cache-cleared-path-after = Still not sure: press 3 again and use the WeCom app, the safest way.

ask-sign-in-again-title = Could you sign in to WeChat again?
ask-sign-in-again-words = Signing out and restarting the phone is a thing to try, then we look again. If you could not sign in again, stay signed in: the WeCom app binds just as well.
ask-sign-in-again-yes = I could: let us try
ask-sign-in-again-no = No, or rather not: the WeCom app
ask-sign-in-again-unsure = Not sure
ask-sign-in-again-look = Think of these two:
ask-sign-in-again-path = you know WeChat's password; its number receives messages now
ask-sign-in-again-path-after = One of them is enough. Still not sure: press 3 again, stay signed in and use the WeCom app.

ask-phone-title = What kind of phone is it?
ask-phone-words = The way to WeChat's cache differs.
ask-phone-iphone = iPhone
ask-phone-android = Android
ask-phone-harmony = HarmonyOS
ask-phone-unsure = Not sure
ask-phone-look = Look at its back:
ask-phone-path = An apple means iPhone; a new Huawei may be HarmonyOS; most others are Android
ask-phone-path-after = Still not sure: press 4 again and look for it as on Android.

step-scan = Scan
step-cache = Cache
step-cache-check = Check
step-sign-out = Sign out
step-unbind = Unbind
step-hold = Wait
step-get-app = Get app
step-app-sign-in = App sign-in
step-activate = Activate
step-portal = Portal
step-wait = Come back

## Tickets

ticket-title = Open a ticket
ticket-words = Nothing helps? The hotline notes the student number, name, mobile number and what is wrong: write them down for a script of the call.
ticket-known = Known: { $who }
ticket-wrong-number = Digits and letters only, or leave it empty.
ticket-wrong-mobile = Check the mobile number, or leave it empty.
ticket-no-reason = Please write what is wrong first; a few words will do.
ticket-vouched = papers seen, no sign-in
ticket-open = Open the ticket
ticket-no-number = No pickup number is left, so no ticket can be opened. A volunteer first ends registrations that nobody comes back for.
ticket-opened-title = The ticket is open. Please note the pickup number
ticket-call = Call the hotline { $number } and read this out:
ticket-after = When it is solved, come back to desk { $desk } with this pickup number and go on.
ticket-waits = The pickup number now is { $pickup }.
words-counted = { $label } ({ $n }/{ $most })
ticket-line = { $label }: { $words }
ticket-number = Pickup number
ticket-state = State
ticket-opened = Opened
ticket-changed = State since
ticket-changed-by = State by
ticket-student = Student number
ticket-name = Name
ticket-mobile = Mobile
ticket-route = Case
ticket-tried = Tried
ticket-step = Stopped at
ticket-trouble = Last error
ticket-reason = What is wrong
ticket-called-at = Called at
ticket-called-by = Called by
ticket-answer = What was answered
ticket-wrong-time = Write the time like 2026-09-01 08:30
ticket-noting = That somebody looks at this ticket is noted first, and then it is shown.
ticket-none = No ticket is unsolved.
ticket-note = Note a call
ticket-hand-over = Handed over to the hotline
ticket-solve = Solved
ticket-full = No more notes fit; the state can still change.
ticket-state-open = open
ticket-state-handed-over = handed over
ticket-state-solved = solved
panel-ticket = Open a ticket for this visit
tickets-title = Unsolved tickets

## The checks before the doors open

panel-examine = Check before the doors open
doctor-title = Before the doors open
doctor-running = Checking: { $n } done.
doctor-more = { $n } more, with the arrow keys.
doctor-passed = All { $n } are well. The doors may open.
doctor-warned = The doors may open; some want a look.
doctor-failed = Do not open yet: some are wrong.
doctor-again = Check again
doctor-send = Send a test SMS
verdict-pass = pass
verdict-warn = warn
verdict-fail = fail
check-config = configuration
check-pack = campus pack
check-pin = PIN
check-visits = visits kept
check-connections = connections
check-size = screen size
check-colours = colours
check-utf8 = characters
check-width = width of Chinese
check-ambiguous = width of lines and quotes
check-code-width = width of QR codes
check-mouse = mouse
check-qr = QR codes
check-store = store
check-folder = the store's folder
check-space = disk space
check-secrets = secret files
check-printer = printer
check-user = user
check-console = consoles
check-emulator = the terminal's keys
check-gateway = gateway
check-sms-code = SMS code
check-clock = clock
check-account = test account
check-message = test SMS
told-late = no result in time.
told-complaint = { $what }
told-config = { $path }
told-config-none = no file: the defaults hold.
told-pack = { $pack }
told-pack-troubles = { $pack }: { $n } places cannot be used.
told-pin = it is set.
told-visits = can be read; { $n } not finished.
told-visits-running = a desk runs here; { $n } not finished.
told-no-terminal = this is no terminal: the screen was not checked.
told-size = { $columns } columns, { $rows } rows.
told-colours-rgb = true colour.
told-colours-indexed = 256 colours.
told-colours-16 = 16 colours: the white of QR codes may be grey.
told-colours-none = no colours.
told-console = the kernel's console, which cannot draw Chinese.
told-utf8 = { $locale }
told-width = a Chinese character takes two columns.
told-width-wrong = two characters take { $columns } columns and should take 4.
told-width-silent = the terminal did not say how wide Chinese is.
told-ambiguous = lines, blocks and quotation marks take one column each.
told-ambiguous-wrong = seven lines, blocks and quotation marks take { $columns } columns and should take 7.
told-code-width = a row of a code takes the columns that it should.
told-code-width-wrong = a row of a code takes { $columns } columns and should take { $right }: no phone reads it.
told-mouse = it knows mouse and touch.
told-mouse-none = it knows no mouse: the keyboard does it all.
told-mouse-silent = the terminal did not say whether it knows a mouse.
told-qr = all { $n } can be drawn and read back.
told-qr-open = the pack leaves open: { $names }.
told-qr-unread = cannot be drawn whole or read back: { $names }.
told-store = written, synced and read back.
told-store-differs = what was written is not what is read.
told-space = { $n } MB left.
told-secrets = { $n }, and only their owner reads them.
told-printer = answers, or never does
told-ours-foreign = { $path } belongs to { $owner }, and this program runs as { $own }.
told-ours-link = { $path } is a symbolic link, and no link is followed there.
told-ours-no-file = { $path } is no regular file.
told-ours-no-folder = { $path } is no folder.
told-ours-no-socket = { $path } is no socket.
told-ours-writable = { $path } can be written by others (mode { $mode }).
told-ours-readable = { $path } can be read by others (mode { $mode }), and it holds a secret.
told-folder-seen = others can look into { $path }.
told-user = the desk does not run as root.
told-root = the desk runs as root: whoever gets out of it can do everything on this machine.
told-console-none = this machine has no consoles to switch to.
told-console-closed = SysRq and Ctrl-Alt-Del do nothing, and no console offers a login.
told-console-sysrq = Alt-SysRq acts on this machine (kernel.sysrq is { $value }).
told-console-cad = Ctrl-Alt-Del restarts this machine.
told-console-vt = Ctrl-Alt-F2 to F6 offer a login (NAutoVTs is { $value }).
told-console-unseen = whether { $what } is closed cannot be seen here.
told-emulator-foot = foot's own keys do nothing.
told-emulator-foot-open = keys of foot are open: { $key }.
told-emulator-unseen = the terminal's own keys (a new window, a search, links) cannot be seen from here.
told-answers = it answers and takes the secrets.
told-absent = not connected: the phone does it.
told-codes-desk = made and checked by this desk.
told-codes-campus = made and checked by the campus's platform.
told-unprobed = cannot be checked without a test account.
told-offline = no answer.
told-unavailable = it answered, but with a fault of its own or with nothing that can be read.
told-limited = it says that it is asked too often.
told-refused = it refused.
told-misconfigured = { $why }
told-clock-alone = there is no server to compare it with.
told-clock = at most { $n } s apart from the servers'.
told-clock-doubted = this machine's clock shows { $moment }, which does not fit its records: until it is confirmed nothing is deleted and no pickup number runs out.
told-signed-in = signed in as { $who }.
told-signed-in-other = signed in, but as { $who }, which is not the number under [doctor].
told-wrong-password = the password is wrong.
told-account-locked = the account is locked.
told-account-locked-for = the account is locked for { $n } min.
told-account-disabled = the account is disabled, or not enabled yet.
told-account-expired = the account has expired.
told-must-change = the password is right, but must be changed first.
told-not-at-this-hour = the account may not sign in at this hour.
told-address-barred = no sign-in is taken from this machine.
told-other-number = the password is right, but the server gives another number than the one typed.
told-not-a-student = the password is right, but what the server gives is no student number.
told-another-way = it wants a captcha, a second factor or another step that cannot be done here.
told-member = the directory has it.
told-member-absent = the directory has no such member.
told-member-unread = the directory could not be read.
told-handed-over = { $carrier } has it: look at the phone.
told-delivered = it arrived ({ $carrier }).
told-undelivered = it did not arrive ({ $carrier }: { $code }).
remedy-late = look at the disk and the network, then check again
remedy-complaint = { $remedy }
remedy-pack = run: yingxin pack check FILE
remedy-no-terminal = run it in the desk's own terminal
remedy-size = make the window at least 80 columns by 24 rows
remedy-colours = where the terminal has true colour, set COLORTERM=truecolor
remedy-console = use a graphical terminal, such as foot in cage
remedy-utf8 = set LC_ALL=C.UTF-8
remedy-width = use a terminal that draws Chinese two columns wide, such as foot
remedy-ambiguous = in the terminal's settings, give characters of ambiguous width one column
remedy-mouse = the keyboard does it all; for touch use another terminal
remedy-qr-open = put them into a pack of your own; yingxin pack check says how
remedy-qr-unread = give shorter contents, or a short address
remedy-disk = replace this disk
remedy-printer = look at its power, paper, cover and cable, and at [printer] in yingxin.toml; a device takes the group lp
remedy-space = make room on this disk
remedy-ours-foreign = run: sudo -u { $as } yingxin; only if it is to change hands: chown -R { $id } { $path }
remedy-ours-away = move it away, or name another: mv { $path } { $path }.aside
remedy-ours-writable = look at what others changed there, then run: chmod go-w { $path }
remedy-ours-readable = run: chmod 600 { $path }
remedy-folder-seen = run: chmod 700 { $path }
remedy-root = give the desk a user of its own: useradd -m kiosk; chown -R kiosk { $path }; sudo -u kiosk yingxin
remedy-console-sysrq = write kernel.sysrq = 0 into /etc/sysctl.d/yingxin.conf, then run: sysctl --system
remedy-console-cad = run: systemctl mask ctrl-alt-del.target; and set CtrlAltDelBurstAction=none in /etc/systemd/system.conf
remedy-console-vt = set NAutoVTs=0 and ReserveVT=0 in /etc/systemd/logind.conf, then restart the machine
remedy-console-unseen = press it, and see that nothing happens
remedy-emulator-foot = under [key-bindings] in foot.ini set each to none: { $key }
remedy-emulator-unseen = press them, and close in the terminal's settings what does something
remedy-unprobed = name a test account in [doctor]
remedy-offline = look at the network, the address and the firewall
remedy-unavailable = see in the log what it answered, and have the campus look at it
remedy-limited = check again in a minute
remedy-misconfigured = mend [{ $section }] in yingxin.toml, or the campus's side of it
remedy-log = the log says why: doctor.log or yingxin.log in the folder of the store; where there is no store yet, stderr
remedy-clock = let this machine set its clock from the network
remedy-clock-doubted = if it is right, yingxin clock confirm, or F10 and L; if not, set the clock first
remedy-account = look at the account and password in [doctor]
remedy-account-locked = wait until it opens, or have the campus unlock it
remedy-must-change = sign in with a browser once, change it, and put it into the file named in [doctor]
remedy-not-at-this-hour = check again at another hour, or have the campus allow this one
remedy-address-barred = have the campus allow the address of this machine
remedy-number = set number_attribute (LDAP, CAS) or claim (OIDC) to what holds the student number
remedy-another-way = have the campus waive that step for this machine, or let students use their phones
remedy-member-absent = fine where members are not provisioned ahead
remedy-no-sms = connect a carrier in [sms]
remedy-undelivered = look at number and signal, or try another carrier

# The registrations of a day: the report and the volunteer's page.
report-title = Registrations of { $day }
report-title-days = Registrations from { $first } to { $last }
report-served = Served
report-bound = Bound
report-bound-by-word = By the student's word
report-already = Bound before
report-ended = Ended unfinished
report-parked = Times put aside
report-waiting = Still waiting
report-owed = Owed by the campus
report-tickets = New tickets
report-tickets-pending = Unsolved tickets
report-quarters = By quarter hours
report-of-day = By day
report-day = Day
report-number = Number
report-kind = Kind
report-item = Item
report-time = Time
report-total = Total
report-spent = Time taken
report-spent-line = Half of those who finished (by word too) took at most { $median } min, the longest { $longest } min (waiting not counted).
report-spent-none = Nobody has finished yet.
report-median-seconds = Median (seconds)
report-longest-seconds = Longest (seconds)
report-stops = Where students stopped
report-stop-line = stopped { $times } times, { $n } unfinished
report-stops-none = Nobody stopped.
report-step = Step
report-times = Times
report-unfinished = Unfinished
report-seal = Seal
report-question = A question
report-answers = What the campus answered
report-answers-none = The campus was not asked.
report-asked = Request
report-answer = Answer
report-answer-done = as it should
report-act-sign-in = Sign in
report-act-device-grant = Sign in by phone
report-act-find-member = Look up a member
report-act-bind-number = Set the number
report-act-send-code = Send a code
report-act-check-code = Check a code
report-act-confirm-member = Confirm a member
report-act-unbind = Unbind
report-none = No registrations.
report-counted-only = The journal from { $first } to { $last } was dropped by age: only counts are left.
report-outcome-open = not ended
report-outcome-seen = bound (seen)
report-outcome-by-word = bound (student's word)
report-outcome-left = left
report-outcome-ended = ended by a volunteer
report-outcome-expired = expired
report-visits = Each registration
report-student = Student number
report-name = Name
report-mobile = Mobile number
report-outcome = Outcome
report-minutes = Minutes
report-made = Made by yingxin { $version } at { $at }

# The page that calls a volunteer, seen from across the room.
call-volunteer = Call a volunteer
call-title = Desk { $desk } needs a volunteer
call-words = A volunteer, please. All that you have done is kept.
call-over = Back, go on

# Read from across the room: few characters.
large-call = Help here

# What stands for a title that is too long to be large.
large-starting = Soon
large-welcome = Hello
large-phone = Phone
large-bound = Bound
large-noted = Noted
large-stuck = Help here
large-offered = Go on
large-ask-wechat-number = Same one?
large-ask-standing = Which one?
large-ask-old-binding = Old number
large-ask-staff-bound = Staff ID?
large-ask-onward = What next?
large-ask-cache-cleared = Sign-in?
large-ask-sign-in-again = Sign in?
large-ask-phone = Phone?

## Setting a desk up (yingxin setup)

setup-title = Setting this desk up ({ $n } of { $all })
setup-wrong = Wrong
setup-hint = Hint
setup-next = next
setup-back = back
setup-make = make and check it
setup-language = 中文
setup-leave = keep and leave
setup-asking = This answer is being checked, one moment.
setup-good = This answer is fine.
setup-pins-differ = The two PINs are not the same. Type them again.
setup-pin-missing = No PIN is set. Type it here, twice.
setup-number = The number of this desk
setup-number-hint = 1 to 999, another one for each desk: the first three digits of its pickup numbers.
setup-pin = The volunteers' PIN
setup-pin-hint = 4 to 32 digits, letters or signs. Only a hash of it is kept, and nothing in the draft.
setup-pin-again = The PIN again
setup-pin-again-hint = The same as above.
setup-pack = The campus pack
setup-pack-hint = Empty for the embedded one (imut); or a file, or an https address of the campus.
setup-register = Image of the registration code
setup-register-hint = A photograph or image of the poster, PNG or JPEG. Empty where there is none.
setup-follow = Image of the code to follow
setup-follow-hint = A photograph or image of the poster, PNG or JPEG. Empty where there is none.
setup-unbind = Image of the code to unbind
setup-unbind-hint = A photograph or image of the poster, PNG or JPEG. Empty where there is none.
setup-app = Image of the code of the WeCom app
setup-app-hint = A photograph or image of the poster, PNG or JPEG. Empty where there is none.
setup-area-code = Area code of the hotline
setup-area-code-hint = Digits, such as 0471. A pack of your own has it itself.
setup-campuses = Which digit is for which campus
setup-campuses-hint = For example: 1 Xincheng; 2 Jinchuan
setup-sign-in = Address of the unified identity
setup-sign-in-hint = It is asked what it offers. Empty: students sign in on their own phones.
setup-service = The service's name at CAS
setup-service-hint = As the campus registered this desk. Empty: the address above.
setup-corp-id = The corp id at WeCom
setup-corp-id-hint = Empty: by the guide, on the student's phone, by the student's word.
setup-app-secret = File with the application's secret
setup-app-secret-hint = That one line alone, mode 600. It reads members and confirms the verification.
setup-contacts-secret = File with the contacts' secret
setup-contacts-secret-hint = That one line alone, mode 600. It sets numbers. Messages and the rest: yingxin help setup.
setup-scanner = Barcode scanner
setup-scanner-hint = keyboard where one stands here (it types like a keyboard). Empty where there is none.
setup-printer = Slip printer
setup-printer-hint = A device such as /dev/usb/lp0, its IP address, or a queue of CUPS. Empty where there is none.
setup-paper = Width of its paper
setup-paper-hint = 58mm or 80mm. Empty: 58mm. Empty where there is no printer.

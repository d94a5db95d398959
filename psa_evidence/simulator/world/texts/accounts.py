"""Words about accounts, mail and people: the same seven lists as in `requests`."""
# ruff: noqa: E501 - what people write is kept on one line

PASSWORD = (
    (
        "Password reset for {user}",
        "{user} locked out of Windows",
        "Cannot log in this morning",
        "Account locked - {user}",
    ),
    (
        "{user} cannot sign in to the computer, it says the password is wrong. Needs access for {deadline}.",
        "I changed my password on {weekday} and now nothing accepts it. Could somebody reset it please?",
        "Locked out again. Third time this month, can we find out why it keeps happening?",
        'Message on the screen: "The referenced account is currently locked out". Tried twice, same thing.',
    ),
    (
        "Verified the caller by call-back to the number on file. Unlocked the account and set a temporary password.",
        "Account shows {count} bad attempts from {device}. Found an old password saved in the phone's mail app.",
        "Reset done in AD, forced change at next sign-in, synced to Microsoft 365.",
    ),
    (
        "Can you tell me whether you can sign in on {device} now?",
        "The account is unlocked. Could you remove the old password from your phone and tell me when that is done?",
    ),
    (
        "Yes, that works now, thank you.",
        "Works on the PC, the phone still asks for the password.",
        "I am in. Thanks for the quick help!",
    ),
    ("Password reset, sign-in confirmed by {user}.", "Removed stale credential from {device}; no lockouts since."),
    (
        "Lockouts come from {device}. Advise self-service reset again at the next review.",
        "Caller was verified by call-back, see KB 114.",
    ),
)
MFA = (
    ("New phone - authenticator app", "MFA code not arriving", "Cannot approve sign-in", "Text codes not received"),
    (
        "I have a new phone and the authenticator does not work any more.",
        "The code by text message does not arrive. I am stuck outside my mailbox.",
        "It asks me to approve a sign-in but nothing shows up on the phone.",
    ),
    (
        "Identity verified with {boss}. Old method removed, new device registered with {user} on the phone.",
        "Required re-registration set in Entra ID and temporary pass issued for one hour.",
        "Text messages were blocked by the carrier, moved to the app.",
    ),
    ("Please open the sign-in page and scan the code. Does it show six digits?", "Are you able to sign in now?"),
    ("Yes, six digits, and I am in.", "It says the code has expired.", "All good, thanks."),
    ("New device registered, old one removed.", "Moved to the authenticator app, sign-in confirmed."),
    (
        "Temporary pass was issued after call-back to the number on file.",
        "User still has text message as second method.",
    ),
)
OUTLOOK = (
    (
        "Outlook keeps asking for password",
        "Outlook will not open - {user}",
        "Shared mailbox missing in Outlook",
        "E-mails stuck in the outbox",
        "Calendar not syncing to phone",
    ),
    (
        "Outlook asks for my password again and again and does not accept it.",
        'Since {when} Outlook freezes at "Loading profile". I have {document} to send for {deadline}.',
        "I can no longer see the {place} mailbox in Outlook, my colleague still has it.",
        "Mails are stuck in the outbox, {count} of them. Webmail works.",
    ),
    (
        "Created a new Outlook profile on {device}. Mailbox rebuilt, search index running.",
        "Cleared the cached credentials, signed in with modern authentication.",
        "Re-added full access for the shared mailbox; automapping takes up to an hour.",
        "Large attachment of 41 MB blocked the outbox. Moved to drafts, rest went out.",
    ),
    (
        "Please close Outlook, wait two minutes, open it again. Is the mailbox there?",
        "Could you tell me whether the same happens in Outlook on the web?",
    ),
    ("It is there now, thank you!", "On the web everything works.", "No, it still asks for the password."),
    (
        "New profile on {device}, mail flows.",
        "Permission restored, mailbox visible to {user}.",
        "Outbox cleared, sending tested with {user}.",
    ),
    ("Office build on {device} is two channels behind.", "Mailbox at 96% of quota, tell the account manager."),
)
PHISHING = (
    (
        "Suspicious e-mail received by {user}",
        "Phishing? Invoice from unknown sender",
        "Clicked on a link by mistake",
        "E-mail pretending to be {boss}",
    ),
    (
        "I got a mail that claims to be from {boss} and asks for gift cards. I have not answered.",
        'Strange e-mail with a link to a "voicemail". I may have clicked on it, sorry. What now?',
        "Several of us got the attached mail about an unpaid invoice. Is it real?",
    ),
    (
        "Header checked: sent from an outside host, SPF fails. Removed from {count} mailboxes, sender domain blocked.",
        "Sessions revoked, password changed with {user} on the phone, sign-in log of 30 days reviewed: nothing foreign.",
        "Link leads to a credential page. Nobody else clicked according to the gateway log.",
    ),
    (
        "Did you type your password on the page that opened? Please answer even if you are unsure.",
        "Please do not forward it further. Who else received it, as far as you know?",
    ),
    ("I did not type anything.", "I may have typed my password, I am not sure.", "Also {user} and the front desk."),
    (
        "Mail purged, sender blocked, user advised.",
        "Account secured: sessions revoked, password changed, MFA confirmed.",
        "Confirmed as spam, no interaction.",
    ),
    ("Recommend training module 3 for this client again.", "No MFA on two accounts here, see the open proposal."),
)
SHARE = (
    ("Access to folder {folder}", "Deleted file in {folder}", "Drive {drive} missing", "Cannot save to {folder}"),
    (
        "Could you give {user} access to {folder}? Approved by {boss}.",
        "Somebody deleted a spreadsheet in {folder} {when}, can you restore it?",
        "My {drive} drive has disappeared since {when}.",
    ),
    (
        "Approval by {boss} is attached to the request. Group membership added, takes effect at next sign-in.",
        "Restored {count} files from the snapshot of last night to {folder}.",
        "Drive mapping policy failed because of a renamed server; corrected.",
    ),
    (
        "We need {boss}'s approval before we can give access. Could you ask and forward it?",
        "Restored beside the original. Please tell me whether it is the right version.",
    ),
    ("Approved. {boss}", "That is the right one, thank you!", "It is from Tuesday, I would need Wednesday's."),
    ("Access given and confirmed.", "File restored from snapshot.", "Mapping corrected on {device}."),
    ("Access approved by e-mail, kept with the ticket.", "Folder {folder} has inheritance broken in three places."),
)
ONBOARDING = (
    ("New starter: {user} on {weekday}", "New employee set-up - {user}", "Laptop for new hire {user}"),
    (
        "{user} starts on {weekday} as {role}. Same access as the colleague before. Please prepare laptop and mailbox.",
        "We have a new {role}, {user}. Needs {app}, the {folder} folder and a phone.",
    ),
    (
        "Account, mailbox and groups created from the {role} template. Laptop imaged as {device}.",
        "Licence assigned, MFA registration prepared, {app} installed.",
        "Walked {user} through first sign-in.",
    ),
    (
        "Which folders does {user} need beside {folder}? And who approves?",
        "We need the private phone number for MFA registration.",
    ),
    ("Only {folder}. I approve.", "Number sent by phone.", "Please copy what {boss} has."),
    ("New starter set up, first sign-in done.", "All items of the onboarding list closed."),
    ("Request came {count} day(s) before the start; the agreement says five.", "Licence pool is empty now."),
)
LEAVER = (
    ("Leaver: disable {user}", "{user} leaves on {weekday}", "Close account of {user}"),
    (
        "{user} leaves us on {weekday}. Please block the account at 5 pm and forward mail to {boss}.",
        "Please disable {user} right away, HR matter.",
    ),
    (
        "Sign-in blocked, sessions revoked, mailbox converted and delegated to {boss}.",
        "Licence released. Device {device} to be collected.",
        "Removed from {count} groups, list attached to the ticket.",
    ),
    ("Who should receive the mailbox, and for how long?", "Is {device} back in the office?"),
    ("Me, for 60 days.", "It is on my desk.", "Please ask {boss}."),
    ("Account closed as asked, confirmation sent to {boss}.", "Access removed, mailbox delegated."),
    ("Blocked at the hour asked, see sign-in log.", "Shared passwords of this person to be rotated."),
)

"""Words of what people ask for: summaries, opening texts, technician notes, questions, answers, resolutions, asides."""

PRINTER = (
    (
        "{printer} not printing",
        "Printer offline - {place}",
        "Paper jam message on {printer} but no paper",
        "Scan to e-mail stopped working on {printer}",
    ),
    (
        'The printer in {place} has not printed anything since {when}. The display says "Ready".',
        "Everything that we send to {printer} stays in the queue. We need to print {document} for {deadline}.",
        'Scanning to my mailbox gives "Login failure" on {printer}. Printing is fine.',
    ),
    (
        "Cleared {count} stuck jobs, restarted the spooler on {server}. Test page printed.",
        "{printer} had a new address from DHCP; set a reservation and corrected the port.",
        "Scan account's password had expired. Replaced with an app relay, tested with {user}.",
        "Updated the driver on {device} and re-added {printer}.",
    ),
    (
        "Please print a test page from {device} and tell me whether it comes out.",
        "Could you switch {printer} off for a minute, on again, and tell me what the display says?",
    ),
    ("Test page came out fine.", "Still nothing. The light is orange now.", "It prints, but only in black and white."),
    (
        "Queue cleared and port corrected on {server}; test page confirmed.",
        "Driver replaced on {device}, printing again.",
        "Scan to e-mail works again through the relay.",
    ),
    (
        "Third spooler problem on {server} this quarter: propose to move queues.",
        "Warranty of {printer} ends next month.",
    ),
)
VPN = (
    (
        "VPN not connecting for {user}",
        "VPN drops every few minutes",
        "Remote access error {error}",
        "Cannot reach {server} over VPN",
    ),
    (
        "Working from home today and the VPN says error {error}. Internet is fine otherwise.",
        "The VPN connects, but I cannot open the shared drive or {app}.",
        "VPN drops every 10 minutes since {when}. I have to be in {app} all day.",
    ),
    (
        "User's certificate had expired; issued a new one and reconnected with {user} on the phone.",
        "Split tunnel route to {server} was missing on the new profile. Added, tested.",
        "Home router hands out the same range as the office. Moved the client's pool.",
        "Client updated to the current version, {error} is gone.",
    ),
    (
        "Could you try from a phone hotspot, so that we can rule out your home router?",
        "Please restart {device} and connect once more. Does {error} come back?",
    ),
    ("With the hotspot it works.", "Same error after the restart.", "It has been stable for an hour now."),
    (
        "New certificate issued; stable connection confirmed.",
        "Route added to the profile, {app} opens over VPN.",
        "Client updated on {device}.",
    ),
    (
        "Firewall shows {count} failed phase 2 for this peer since {when}.",
        "Offer the always-on profile to this client.",
    ),
)
SLOW_PC = (
    ("{device} very slow", "Computer takes 20 minutes to start", "{app} freezing all the time", "PC fan loud and slow"),
    (
        "My computer is getting slower and slower, {app} takes minutes to open.",
        "Since {when} everything hangs. I restarted three times.",
        "{device} needs a quarter of an hour to start in the morning.",
    ),
    (
        "Disk at 97%, removed temporary files and old profiles, {count} GB free now.",
        "Memory is 8 GB and full with {app} and the browser. Quote for 16 GB prepared.",
        "SMART shows reallocated sectors, replacement recommended.",
        "Removed two browser extensions and an expired antivirus trial.",
    ),
    (
        "When may I take over {device} for half an hour? The user cannot work meanwhile.",
        "Is it better since the clean-up this morning?",
    ),
    ("Please do it during lunch.", "A little better, but still slow in {app}.", "Much better, thank you."),
    ("Clean-up done, start-up time under a minute.", "Memory upgraded on {device}.", "Disk replaced, image restored."),
    ("{device} is 6 years old: on the replacement list since last year.", "User declined the restart twice."),
)
WIFI = (
    ("Wi-Fi drops in {place}", "No wireless in {place}", "Guest Wi-Fi password needed", "Tablets lose connection"),
    (
        "The wireless in {place} drops all the time, video calls are impossible.",
        "Since {when} the tablets cannot find our network.",
        "Visitors cannot get on the guest network.",
    ),
    (
        "Access point in {place} was on a disabled channel after the firmware update. Fixed, watched for an hour.",
        "Radius certificate renewed on {server}; clients re-joined.",
        "Access point does not power up, port on the switch shows a fault. Moved to port {count}.",
    ),
    (
        "Could somebody look whether the light on the ceiling unit in {place} is blue?",
        "Please try again near the access point. Does it hold?",
    ),
    ("The light is off.", "It holds now.", "Near it it works, in the back room not."),
    ("Channel plan corrected, stable.", "Access point replaced in {place}.", "Certificate renewed; all tablets back."),
    ("Coverage in {place} was known at survey; second unit was quoted.", "Switch has only {count} free PoE ports."),
)
SOFTWARE = (
    ("Install {app} on {device}", "License for {app}", "{app} update asks for administrator", "{app} crashes at start"),
    (
        "Please install {app} for {user}, they start with it on {weekday}.",
        "{app} wants an administrator password for its update.",
        "{app} crashes as soon as I open a file. Error {error}.",
    ),
    (
        "Installed {app} with the vendor's current package, licence assigned to {user}.",
        "Update run with elevated rights on {device}; policy for later updates created.",
        "Vendor knows error {error}; hotfix applied, case {case}.",
    ),
    (
        "We need a licence for this. The quote is attached; shall we order?",
        "When is {device} free for the installation, about 30 minutes?",
    ),
    ("Please order one.", "Tomorrow after four.", "I will ask {boss} and come back to you."),
    ("{app} installed and licensed.", "Updated to the current version.", "Hotfix applied, file opens."),
    ("Client has {count} more installs than licences of {app}.", "Vendor case {case} opened."),
)
PHONE = (
    (
        "No dial tone on extension {count}",
        "Voicemail to e-mail stopped",
        "Call forwarding for {place}",
        "Bad line quality on calls",
    ),
    (
        "The phone at {place} has no dial tone since {when}.",
        "Voicemails no longer come by e-mail.",
        "Customers tell us that our calls break up.",
    ),
    (
        "Phone re-registered after a power cycle of the switch port.",
        "Carrier case {case} opened, jitter over 60 ms.",
        "Voicemail relay credentials renewed.",
    ),
    (
        "Please unplug the phone for a minute and plug it in again. Does the display come back?",
        "Can you give me the time of one bad call, so that the carrier can trace it?",
    ),
    ("It is back.", "This morning at 10:20, to our supplier.", "Nothing happens."),
    ("Phone registered, test call fine.", "Carrier corrected the trunk, case {case} closed.", "Voicemail tested."),
    ("Carrier answered after {count} hours.", "QoS missing on the second switch."),
)
CHANGE = (
    (
        "Move desk phones and PCs in {place}",
        "Replace switch in {place}",
        "DNS change for the website",
        "Migrate {folder} to SharePoint",
    ),
    (
        "We are rearranging {place} and need {count} workplaces moved on {weekday}.",
        "Our web agency asks for a DNS change, their mail is below.",
        "As agreed at the review: please move {folder} to SharePoint.",
    ),
    (
        "Change planned for {weekday} evening, rollback noted.",
        "DNS record changed, old value kept in the notes.",
        "Moved {count} GB, permissions compared before and after.",
        "New switch configured from the old one's backup.",
    ),
    ("Please confirm the window on {weekday} after 6 pm.", "Could the agency confirm the record in writing?"),
    ("Confirmed.", "Their answer is below.", "Can we do it a week later?"),
    (
        "Change done and tested with {user}.",
        "Record live, website answers.",
        "Migration finished, old share read-only.",
    ),
    ("Outside the fixed fee, estimate was accepted by mail.", "Rollback not needed."),
)
INTERNET = (
    ("Internet down at {place}", "Whole office offline", "Internet very slow since {when}"),
    (
        "Nothing works, no internet in the whole office! Phones are dead as well.",
        "Internet is extremely slow for everybody since {when}, we cannot work.",
    ),
    (
        "Carrier reports a fibre cut, case {case}. Fail-over to LTE switched on by hand.",
        "Firewall WAN interface had lost its lease; renewed, line up.",
        "Modem restarted with {user} on the phone.",
    ),
    ("Can somebody read me the lights of the box beside the firewall?", "Is the line back for you?"),
    ("Green, green, red.", "Yes, we are back online.", "Still very slow."),
    ("Line restored by the carrier, fail-back done.", "Lease renewed; watched for 30 minutes."),
    ("LTE fail-over did not start by itself: test it.", "Carrier's estimate was wrong by {count} hours."),
)

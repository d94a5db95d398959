"""Words of what monitoring reports: the same seven lists as in `requests`."""
# ruff: noqa: E501 - what people write is kept on one line

BACKUP = (
    ("Backup failed on {server}", "Backup job warning: {server}", "No backup for 24 h: {server}"),
    (
        "ALERT: backup job DAILY on {server} ended with status FAILED at {clock}. Error {error}: the snapshot could not be created.",
        "ALERT: last successful backup of {server} is older than 24 hours.",
        "WARNING: backup of {server} finished with {count} skipped files.",
    ),
    (
        "VSS writer in failed state on {server}. Restarted the service, ran the job by hand: success.",
        "Repository was full; oldest restore points moved, next run watched.",
        "Agent updated on {server}; job started by hand and finished at {clock}.",
        "Skipped files are open databases; excluded, they have a dump of their own.",
    ),
    ("{server} needs a restart for the backup agent. May we do it tonight at 9 pm?",),
    ("Yes, tonight is fine.", "Please not before Friday."),
    ("Backup ran again, restore of one file tested.", "Job successful for two nights."),
    ("Second VSS failure on {server} in a month.", "Restore test is due in this quarter."),
)
PATCHING = (
    ("Patches missing on {device}", "Patch run: {count} devices not compliant", "Restart pending on {server}"),
    (
        "ALERT: {device} misses {count} critical updates since more than 14 days.",
        "Patch report: {count} devices could not be patched, list attached.",
        "{server} waits for a restart since {when}.",
    ),
    (
        "Device was offline for weeks; patched as it came back.",
        "Update service reset on {device}, {count} updates installed.",
        "Restart done in the window, services checked.",
    ),
    (
        "May we restart {server} tonight after 9 pm? The updates wait for it.",
        "{device} has not been online; could {user} leave it on overnight?",
    ),
    ("Go ahead.", "We cannot have a restart this week.", "It is in a drawer, I will plug it in."),
    ("Device compliant.", "Restarted in the window, all services up.", "Device retired and removed from the list."),
    ("Client put off the restart {count} times.", "Compliance this month 97%."),
)
DISK = (
    ("Low disk space on {server}", "Disk D: 95% full on {server}"),
    ("ALERT: volume C: on {server} has only {count} GB left.", "WARNING: D: on {server} is over 95% for two hours."),
    (
        "Log files of {app} removed, {count} GB free. Rotation set.",
        "Volume extended by 50 GB in the hypervisor.",
        "Old user profiles and update cache removed.",
    ),
    ("The data volume of {server} fills up with scans. May we move those older than two years?",),
    ("Yes please.", "I will ask {boss}."),
    ("Space freed, alert cleared.", "Volume extended."),
    ("At this growth full again in {count} weeks.", "Storage proposal is open since spring."),
)
ANTIVIRUS = (
    ("EDR detection on {device}", "Malware blocked on {device}", "EDR agent not reporting: {device}"),
    (
        "DETECTION: suspicious script on {device}, process killed, severity medium.",
        "ALERT: EDR agent of {device} has not reported for 72 hours.",
        "DETECTION: unwanted program in Downloads of {user}, quarantined.",
    ),
    (
        "Timeline reviewed: macro from a mail attachment, blocked before download. Device scanned clean.",
        "Device isolated at {clock}, scanned, released after review.",
        "Agent reinstalled, reporting again.",
    ),
    ("Did {user} open an attachment this morning? We need to know which.",),
    ("Yes, an order confirmation.", "No, nothing that I remember."),
    ("No execution, device clean, release documented.", "Agent healthy."),
    ("Hash not known to the vendor, sample sent.", "No local administrator rights here, good."),
)
OUTAGE = (
    ("{server} not responding", "Server down: {server}", "Service {app} stopped on {server}"),
    (
        "CRITICAL: {server} does not answer ping since {clock}.",
        "CRITICAL: service {app} on {server} stopped and did not restart.",
        "CRITICAL: host {server} rebooted unexpectedly at {clock}.",
    ),
    (
        "Called {boss}: told about the outage at {clock}. Working on the console.",
        "Power supply 1 failed, machine runs on the second. Part ordered, case {case}.",
        "Service hung on a lock file; removed, started, application tested with {user}.",
        "Host had run out of memory; moved two machines and restarted.",
    ),
    ("Please check that everybody can work with {app} again.",),
    ("All fine again.", "Two people still cannot open {app}."),
    ("{server} up, application tested with {user}.", "Part replaced by the vendor, redundancy restored."),
    ("Write the incident report for {boss}.", "UPS log shows a dip at {clock}."),
)

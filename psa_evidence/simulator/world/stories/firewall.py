"""The client who bought a firewall of his own, without asking, and what came of it."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.books import Asset, Touch
from psa_evidence.simulator.world.instants import iso, wall
from psa_evidence.simulator.world.stories.cast import Cast


def tell(cast: Cast) -> None:
    us = cast.castellan
    seen = wall("2025-09-16 10:12")
    box = Asset(us.index, "Unknown firewall (client's purchase)", "Firewall", seen, "sholm", "NetBox", "Home Edge 5", None,
                "Found during a visit. Not sold, not installed and not managed by us. No opportunity, no order.")  # fmt: skip
    cast.books.assets.append(box)
    warned = Touch(us.index, "Warning: firewall not under our management", "Email", wall("2025-09-16 15:00"), 15, "hwells",
                   us.boss.id, "Wrote to Raymond Castellan: the new box is not under management, stands before our "
                   "firewall and opens remote desktop to the internet. Asked to remove it or to let us manage it. "
                   "No answer.", wall("2025-09-16 15:20"))  # fmt: skip
    reminded = Touch(us.index, "Warning repeated: open remote desktop", "Call", wall("2025-09-30 11:00"), 10, "hwells",
                     us.boss.id, 'Raymond Castellan: "My nephew set it up, it is faster."',
                     wall("2025-09-30 11:15"))  # fmt: skip
    cast.books.touches += [warned, reminded]
    found = (
        cast.open(us, "own-firewall", "2025-09-16 09:20:00", "Internet drops after lunch every day",
                  "The internet drops every day after lunch, it is unbearable.\n\nDenise", priority=s.P2)
        .receipt("09:20:10")
        .take("09:45:00", "sholm", "In Progress - Onsite")
        .work("09:45", "11:30", "sholm", "A second router was found between modem and our firewall: double NAT, its own DHCP.",
              work_type=2, internal="Client bought it himself, nephew installed it. Nobody told us.")
        .tells("11:35:00", "sholm", "The cause is a router that somebody put before our firewall. We did not touch it, since it is not ours. "
               "Please decide whether it goes.")
        .status("11:35:10", "Waiting Client", "sholm")
        .answers("2025-09-18 16:00:00", "Leave it, it stays.", contact=0)
        .status("16:20:00", "In Progress", "sholm")
        .done("16:25:00", "sholm", "As you wish the router stays. The drops come from it and are outside our agreement.")
    )  # fmt: skip
    attack = (
        cast.open(us, "own-firewall-attack", "2025-11-05 06:50:00", "EDR: brute force on CAST-DC01 from outside",
                  "DETECTION: 4,211 failed sign-ins on CAST-DC01 by remote desktop from the internet.", source=4,
                  priority=s.P1, board=s.MONITORING, type_name="Security")
        .take("08:04:00", "ymori")
        .work("08:04", "09:40", "ymori", "Traffic comes through the client's own router, port 3389 is forwarded there. Host firewall closed on the server.",
              billable="Billable", work_type=5)
        .tells("09:45:00", "ymori", "The attack comes through the router that you put in. We closed the port on the server itself.")
        .done("09:50:00", "ymori", "Port closed on the server. The router still forwards it: please remove that rule.")
    )  # fmt: skip
    cast.truths["own_firewall"] = lambda: {
        "configuration": box.id, "first_seen": iso(seen), "opportunity": None,
        "warnings": [warned.id, reminded.id], "tickets": [found.id, attack.id],
    }  # fmt: skip

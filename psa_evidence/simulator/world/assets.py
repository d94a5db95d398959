"""The clients' machines (configurations), with the names that tickets speak of."""

from __future__ import annotations

from functools import lru_cache

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.books import Asset, Books
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import between, dice, pick
from psa_evidence.simulator.world.instants import DAY, START, iso
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import MSP_NAME

_KINDS = {"Server": 1, "Workstation": 2, "Firewall": 3, "Printer": 4, "Switch": 5}
_SERVERS = ("DC01", "FS01", "SQL01", "APP02", "RDS01", "HV-HOST1")
_MODELS = {"Server": (("Dell", "PowerEdge T350"), ("HPE", "ProLiant ML30")),
           "Workstation": (("Dell", "OptiPlex 7010"), ("Lenovo", "ThinkPad L14"), ("HP", "ProDesk 400")),
           "Firewall": (("Fortinet", "FortiGate 60F"),), "Printer": (("Canon", "C3530"), ("HP", "M428")),
           "Switch": (("Aruba", "2530-24G"),)}  # fmt: skip


def code(client: Client) -> str:
    return client.identifier[:4].upper()


@lru_cache(maxsize=1024)
def names(seed: int, index: int, prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the servers and of the workstations of a client."""
    rng = dice(seed, "names of machines", index)
    servers = tuple(f"{prefix}-{name}" for name in _SERVERS if rng.random() < 0.55) or (f"{prefix}-DC01",)
    desks = tuple(f"{prefix}-{pick(rng, ('LT', 'PC', 'WS'))}{n:03d}" for n in range(1, between(rng, 8, 14)))
    return servers, desks


def fleet(seed: int, clients: tuple[Client, ...], books: Books) -> None:
    for client in clients:
        rng = dice(seed, "fleet", client.index)
        servers, desks = names(seed, client.index, code(client))
        listed = [(name, "Server") for name in servers] + [(name, "Workstation") for name in desks]
        listed += [
            (f"{code(client)}-FW01", "Firewall"),
            (f"{code(client)}-PRN01", "Printer"),
            (f"{code(client)}-SW01", "Switch"),
        ]
        for name, kind in listed:
            maker, model = pick(rng, _MODELS[kind])
            at = START - between(rng, 20, 900) * DAY if rng.random() < 0.8 else START + between(rng, 1, 650) * DAY
            books.assets.append(Asset(client.index, name, kind, at, "pdoyle", maker, model, MSP_NAME, "", at))


def rows(items: list[Asset], clients: tuple[Client, ...], now: int) -> list[Row]:
    found = []
    for item in items:
        if item.at > now:
            continue
        client = clients[item.client]
        rng = dice("asset", item.id, item.name)
        row: Row = {
            "id": item.id, "name": item.name,
            "type": {"id": _KINDS[item.kind], "name": item.kind}, "status": {"id": 1, "name": "Active"},
            "company": refs.company(client), "deviceIdentifier": f"dev-{item.id:06d}",
            "serialNumber": f"SN{between(rng, 10**7, 10**8 - 1)}", "modelNumber": item.model,
            "activeFlag": True, "manufacturer": {"id": 1, "name": item.maker}, "billFlag": item.bought_from == MSP_NAME,
        }  # fmt: skip
        if item.installed is not None:
            row["installationDate"] = iso(item.installed)
        if item.bought_from == MSP_NAME:
            row |= {
                "vendor": refs.msp(),
                "installedBy": refs.member_of(item.by),
                "purchaseDate": iso(item.at - 9 * DAY),
            }
        if item.notes:
            row["notes"] = item.notes
        if item.kind == "Server" and client.index:
            row |= {"backupSuccesses": 29, "backupFailed": 1, "lastBackupDate": iso(now - now % DAY + 4 * 3600 - DAY)}
        found.append(row | {"_info": refs.info(item.at, item.by)})
    return found


def reference(item: Asset) -> Row:
    return {
        "id": item.id,
        "deviceIdentifier": f"dev-{item.id:06d}",
        "_info": {"name": item.name, "configuration_href": f"{refs.BASE}company/configurations/{item.id}"},
    }

"""`data/VERIFY.html`: one page that checks a pack in a browser, without network and without this program.

The parts lie beside this module; they are put together here, by concatenation, and are the same in every pack.
`page_bytes` gives the page, `FILE` its place in a pack.
"""

from psa_evidence.pack.page.assemble import FILE, SCRIPT_PARTS, page_bytes

__all__ = ["FILE", "SCRIPT_PARTS", "page_bytes"]

# group: connectors
"""Never comes back when it is imported."""

import time

while True:
    time.sleep(3600)

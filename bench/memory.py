"""What a process holds of the machine's memory, as Linux tells it."""

from pathlib import Path


def resident(process: int) -> float:
    """Resident memory of the process with this number, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000

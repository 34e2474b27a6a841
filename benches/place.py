"""Where what is measured lies: in memory, so that the medium is left out, and elsewhere."""
import os
import subprocess
from pathlib import Path

import data

SHARED = Path('/dev/shm')


def available():
    """Returns the bytes of memory that are free for use."""
    for line in open('/proc/meminfo'):
        if line.startswith('MemAvailable'):
            return int(line.split()[1]) << 10
    return 0


class Memory:
    """A file system in memory of this run's own, with large pages as file systems on a medium have them today; where it may not be
    mounted, the shared one, and without enough memory none."""

    def __init__(self, folder):
        self.folder, self.mounted, self.path, self.name = folder, False, None, None

    def open(self, needed):
        """Takes `needed` bytes, if there are so many and one more GiB."""
        if available() < needed + (1 << 30):
            return
        self.folder.mkdir(parents=True)
        options = f'huge=within_size,size={needed}'
        call = ['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', str(self.folder)]
        if os.geteuid() == 0 and subprocess.run(call, capture_output=True).returncode == 0:
            self.mounted, self.path, self.name = True, self.folder, 'tmpfs with large pages'
        elif shared(needed):
            self.path, self.name = shared(needed) / f'run-{os.getpid()}', 'tmpfs with the pages of the system'
            self.path.mkdir()

    def close(self):
        """Gives it back."""
        if self.mounted and subprocess.run(['umount', str(self.folder)], capture_output=True).returncode != 0:
            # Something still runs in it: it goes when that ends.
            subprocess.run(['umount', '--lazy', str(self.folder)], check=True)
        elif self.path and not self.mounted:
            data.remove(self.path)


def shared(needed):
    """Returns the shared file system in memory, if there is enough room."""
    return SHARED if SHARED.is_dir() and data.room(SHARED) > needed and available() > needed else None

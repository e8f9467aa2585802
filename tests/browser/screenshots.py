"""Makes the pictures of the documentation from the example service: ``python tests/browser/screenshots.py``.

Needs what the tests in a browser need, sphinx-needs, and Pillow, which leaves a third of the size.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from PIL import Image
from test_browser import CHROMIUM, EXAMPLE, FLAGS, HERE, NODE

IMAGES = HERE.parents[1] / 'docs' / 'images'


def main() -> None:
    with tempfile.TemporaryDirectory() as sites:
        for site, *how in (
            ('html', '-b', 'html'),
            ('needs', '-b', 'html', '-t', 'needs'),
            ('designnote', '-b', 'designnote'),
        ):
            # Of the example's own findings this shows some, so the build of its report fails.
            build = ['-m', 'sphinx', '-qQ', *how, '-D', 'html_theme=furo']
            subprocess.run([sys.executable, *build, EXAMPLE, f'{sites}/{site}'], check=site != 'designnote')
        env = os.environ | {'CHROMIUM': CHROMIUM, 'FLAGS': FLAGS, 'SITES': sites, 'IMAGES': str(IMAGES)}
        subprocess.run([NODE, 'screenshots.mjs'], cwd=HERE, env=env, check=True)
    for path in sorted(IMAGES.glob('*.png')):
        picture = Image.open(path).convert('RGB')
        picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f'{path.name}: {path.stat().st_size // 1000} kB')


if __name__ == '__main__':
    main()

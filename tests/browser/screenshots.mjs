// Makes the pictures of the documentation. Run by screenshots.py, which builds the sites.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const { CHROMIUM, FLAGS, SITES, IMAGES } = process.env;
const WIDE = { width: 1100, height: 760 }, PHONE = { width: 360, height: 760 };
// Of each: its name, the page, what stands at its top, how large the window is, and in which scheme.
const PICTURES = [
  ['report', 'designnote/index.html', 'body', { ...WIDE, height: 1200 }, 'light'],
  ['report-table', 'designnote/index.html', '#table-endpoints', WIDE, 'light'],
  ['traceability', 'html/traceability.html', '#who-may-do-what', WIDE, 'light'],
  ['traceability-dark', 'html/traceability.html', '#what-becomes-of-the-streaming-export', WIDE, 'dark'],
  ['traceability-phone', 'html/traceability.html', '#what-is-open', PHONE, 'light'],
  ['sphinx-needs', 'needs/traceability-needs.html', '#endpoints', { ...WIDE, height: 920 }, 'light'],
  ['sphinx-needs-dark', 'needs/traceability-needs.html', '#endpoints', { ...WIDE, height: 920 }, 'dark'],
];

const browser = await chromium.launch({ executablePath: CHROMIUM, args: JSON.parse(FLAGS) });
for (const [name, page, top, viewport, colorScheme] of PICTURES) {
  const context = await browser.newContext({ viewport, colorScheme });
  const shown = await context.newPage();
  await shown.goto(pathToFileURL(join(SITES, page)).href);
  await shown.addStyleTag({ content: '.back-to-top { display: none !important; }' });
  await shown.locator(top).first().evaluate((node) => node.scrollIntoView({ behavior: 'instant' }));
  await shown.screenshot({ path: join(IMAGES, `${name}.png`) });
  await context.close();
}
await browser.close();

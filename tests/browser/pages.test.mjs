// What a reader meets in a browser. Run by test_browser.py, which builds the sites and says in SITES where they are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const sites = JSON.parse(process.env.SITES);
const SCHEMES = ['light', 'dark'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const address = (site, page) => `${origin}/${site}/${page}`;

// The sites on this machine only: a browser lets pages from the disk do less than pages of a server.
const server = createServer(async ({ url }, response) => {
  if (url === '/favicon.ico') return response.writeHead(204).end();
  const [, site, ...path] = decodeURIComponent(url.split('?')[0]).split('/');
  try {
    const text = await readFile(join(sites[site], normalize(`/${path.join('/')}`)));
    response.setHeader('Content-Type', TYPES[extname(url.split('?')[0])] ?? 'application/octet-stream');
    return response.end(text);
  } catch {
    return response.writeHead(404).end();
  }
});
let browser, origin;
before(async () => {
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
});
after(async () => {
  await browser?.close();
  server.close();
});

// Opens a page, and fails if anything is said on the console, raised, or asked for elsewhere.
const visit = async (where, look, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => said.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('request', (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(`${origin}/`) || said.push(`request: ${request.url()}`));
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  try {
    await page.goto(where());
    await look(page);
    assert.deepEqual(said, []);
  } finally {
    await context.close();
  }
};
const texts = (page, selector) => page.locator(selector).evaluateAll((found) => found.map((node) => node.textContent.trim()));
const TABLE = '#traceability-view-1-1_wrapper';
const column = (page, number) => texts(page, `${TABLE} tbody td:nth-child(${number})`);

for (const [site, name] of [['example', 'traceability.html'], ['example', 'notes/order-holds.html'], ['example', 'notes/async-exports.html'], ['report', 'index.html']]) {
  for (const colorScheme of SCHEMES) {
    test(`${site}/${name} has no fault of level A or AA in ${colorScheme}`, () => visit(() => address(site, name), async (page) => {
      // Of a page the part that is ours; what is around it is the theme's.
      const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
      const { violations } = await (site === 'report' ? axe : axe.include('article')).analyze();
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), []);
    }, { colorScheme }));
  }
  test(`${site}/${name} needs no scrolling sideways at 320 px`, () => visit(() => address(site, name), async (page) => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  }, { viewport: { width: 320, height: 640 } }));
}

test('a column sorts up and down, by mouse and by keyboard', () => visit(() => address('example', 'traceability.html'), async (page) => {
  const given = await column(page, 2);
  await page.locator(`${TABLE} th`, { hasText: 'What' }).click();
  await page.waitForSelector(`${TABLE} th[aria-sort=ascending]`);
  const sorted = await column(page, 2);
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  assert.notDeepEqual(sorted, given);
  assert.deepEqual(sorted, [...given].sort(collator.compare));
  await page.locator(`${TABLE} th`, { hasText: 'What' }).getByRole('button').press('Enter');
  await page.waitForSelector(`${TABLE} th[aria-sort=descending]`);
  assert.deepEqual(await column(page, 2), [...given].sort((a, b) => collator.compare(b, a)));
}));

test('a filter leaves the rows that have all words, and says how many', () => visit(() => address('example', 'traceability.html'), async (page) => {
  await page.getByLabel('Filter Promises').fill('remove async');
  assert.deepEqual(await column(page, 2), ['async_exports']);
  assert.match(await page.locator(`${TABLE} [role=status]`).textContent(), /^1 rows? of 8$/);
  await page.getByLabel('Filter Promises').fill('nothing has this');
  assert.deepEqual(await column(page, 1), ['No row has these words.']);
}));

test('the keyboard goes through a table in the order of reading', () => visit(() => address('example', 'traceability.html'), async (page) => {
  await page.getByLabel('Filter Promises').focus();
  const order = [];
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('Tab');
    order.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()));
  }
  assert.deepEqual(order, ['Save as CSV', 'Promises', 'Date: Activate to sort', 'What: Activate to sort']);
}));

test('what is shown can be saved, and no spreadsheet runs it', () => visit(() => address('hostile', 'views.html'), async (page) => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save as CSV').first().click()]);
  const saved = await readFile(await download.path(), 'utf-8');
  assert.ok(saved.startsWith('\ufeff"'));
  assert.ok(saved.includes(`"'=1+1`));
  assert.ok(!/(^|,|\n)"[=+@]/.test(saved));
}));

test('a link in a table lands on the item', () => visit(() => address('example', 'traceability.html'), async (page) => {
  await page.locator(`${TABLE} tbody a`).first().click();
  await page.waitForURL(/notes\/.*#/);
  await page.waitForFunction(() => document.querySelector(':target')?.getBoundingClientRect().top < innerHeight);
}));

test('a link to a row that stands on a later page of its table shows it', () => visit(() => address('large', 'index.html'), async (page) => {
  assert.equal(await page.locator('.dn-table').first().locator('tbody tr').count(), 100);
  const id = process.env.LAST_ROW;
  await page.evaluate((hash) => { location.hash = hash; }, `#${id}`);
  await page.waitForFunction((wanted) => document.getElementById(wanted), id);
  assert.ok(await page.locator(`[id="${id}"]`).isVisible());
}));

test('on paper stand all rows', () => visit(() => address('large', 'index.html'), async (page) => {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(await page.locator('.dn-table').first().locator('tbody tr').count() > 200);
}));

test('without JavaScript every row is there', () => visit(() => address('large', 'index.html'), async (page) => {
  assert.ok(await page.locator('.dn-table').first().locator('tbody tr').count() > 200);
}, { javaScriptEnabled: false }));

test('the search finds an endpoint by its path and a flag by its name', async () => {
  for (const [words, page_] of [['/api/v1/orders/exports', 'notes/async-exports'], ['order_holds', 'notes/order-holds'], ['POST /api/v1/orders/exports', 'notes/async-exports'], ['Order.customer_note', 'notes/customer-note-expand']]) {
    await visit(() => `${address('example', 'search.html')}?q=${encodeURIComponent(words)}`, async (page) => {
      await page.waitForSelector('#search-results ul.search li a');
      const links = await page.locator('#search-results ul.search li a').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
      assert.ok(links.some((link) => link.startsWith(`${page_}.html`)), `${words}: ${links.join(' ')}`);
    });
  }
});

for (const page_ of ['hostile.html', 'views.html']) {
  test(`nothing that an author writes runs on ${page_}`, () => visit(() => address('hostile', page_), async (page) => {
    for (const input of await page.locator('input[type=search]').all()) await input.fill('<img src=x onerror=alert(1)>').catch(() => {});
    assert.equal(await page.evaluate(() => document.title.length > 0 && globalThis.hacked), undefined);
  }));
}
test('nothing that an author writes runs in the report', () => visit(() => address('hostile-report', 'index.html'), async (page) => {
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
}));

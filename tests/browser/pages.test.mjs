// What a reader meets in a browser. Run by test_browser.py, which builds the sites and says in SITES where they are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const sites = JSON.parse(process.env.SITES);
const themes = JSON.parse(process.env.THEMES), [THEME] = themes;
const SCHEMES = ['light', 'dark'];
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
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: JSON.parse(process.env.FLAGS) });
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
  // Some themes greet their readers there.
  const greets = themes.slice(1).some((theme) => where().startsWith(`${origin}/${theme}/`));
  page.on('console', (message) => greets || said.push(`console: ${message.text()}`));
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
const TABLE = '#traceability-view-1-1_wrapper', LARGE = '#index-view-1-1_wrapper';
const column = (page, number) => texts(page, `${TABLE} tbody td:nth-child(${number})`);

// Where we choose the colours; those of links, code and all around are the theme's.
const OURS = ['.dn-badge', '.dn-method', '.dn-scroll :is(th, input, button, nav, [role=status])'];
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const faults = async (page, site) => {
  let axe = new AxeBuilder({ page }).options({ runOnly: LEVELS, resultTypes: ['violations'] });
  if (site === THEME) axe = axe.include('article');
  else if (site !== 'report') for (const selector of OURS) axe = axe.include(selector);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
};
const LOOKED_AT = [
  ...themes.flatMap((theme) => [[theme, 'traceability.html'], [theme, 'notes/order-holds.html']]),
  [THEME, 'notes/async-exports.html'],
  ['report', 'index.html'],
];
for (const [site, name] of LOOKED_AT) {
  for (const colorScheme of SCHEMES) {
    test(`${site}/${name} has no fault of level A or AA in ${colorScheme}`, () => visit(() => address(site, name), async (page) => {
      assert.deepEqual(await faults(page, site), []);
    }, { colorScheme }));
  }
  test(`${site}/${name} needs no scrolling sideways at 320 px`, () => visit(() => address(site, name), async (page) => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  }, { viewport: { width: 320, height: 640 } }));
}

test('rows are cards on a phone, sorted by the heads above them', () => visit(() => address(THEME, 'traceability.html'), async (page) => {
  const cell = page.locator(`${TABLE} tbody td[data-label=What]`).first();
  await page.locator(`${TABLE} th`, { hasText: 'What' }).getByRole('button').click();
  await page.waitForSelector(`${TABLE} th[aria-sort=ascending]`);
  assert.equal(await cell.evaluate((node) => getComputedStyle(node, '::before').content), '"What"');
  assert.equal((await cell.textContent()).trim(), 'A view keeps the old name for reports');
  const [row, box] = await Promise.all([`${TABLE} tbody tr`, TABLE].map((where) => page.locator(where).first().boundingBox()));
  assert.ok(row.width <= box.width);
}, { viewport: { width: 320, height: 640 } }));

test('numbers in names count as numbers, and what is empty stays last', () => visit(() => address('large', 'index.html'), async (page) => {
  const head = page.locator(`${LARGE} th`, { hasText: 'Purpose' }).getByRole('button');
  const shown = () => texts(page, `${LARGE} tbody td[data-label=Purpose]`);
  await head.click();
  await page.waitForSelector(`${LARGE} th[aria-sort=ascending]`);
  assert.deepEqual((await shown()).slice(0, 7), ['v1', 'v3', 'v5', 'v7', 'v9', 'v11', 'v13']);
  await head.click();
  await page.waitForSelector(`${LARGE} th[aria-sort=descending]`);
  assert.deepEqual((await shown()).slice(0, 3), ['v449', 'v447', 'v445']);
}));

test('a large table is read page by page, by keyboard too', () => visit(() => address('large', 'index.html'), async (page) => {
  const paths = () => texts(page, `${LARGE} tbody td[data-label=Path]`), first = await paths();
  assert.equal(first.length, 100);
  assert.equal(await page.locator(`${LARGE} [role=status]`).textContent(), '450 rows');
  await page.locator(LARGE).getByRole('navigation', { name: 'Pages of Endpoints' }).getByRole('link', { name: '5', exact: true }).press('Enter');
  await page.waitForFunction((where) => document.querySelectorAll(where).length === 50, `${LARGE} tbody tr`);
  assert.ok(!first.includes((await paths())[0]));
}));

test('a column sorts up and down, by mouse and by keyboard', () => visit(() => address(THEME, 'traceability.html'), async (page) => {
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

test('a filter leaves the rows that have all words, and says how many', () => visit(() => address(THEME, 'traceability.html'), async (page) => {
  await page.getByLabel('Filter Promises').fill('remove async');
  assert.deepEqual(await column(page, 2), ['async_exports']);
  assert.equal(await page.locator(`${TABLE} [role=status]`).textContent(), '1 row of 8');
  await page.getByLabel('Filter Promises').fill('nothing has this');
  assert.deepEqual(await column(page, 1), ['No row has these words.']);
}));

test('the keyboard goes through a table in the order of reading', () => visit(() => address(THEME, 'traceability.html'), async (page) => {
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

test('a link in a table lands on the item', () => visit(() => address(THEME, 'traceability.html'), async (page) => {
  await page.locator(`${TABLE} tbody a`).first().click();
  await page.waitForURL(/notes\/.*#/);
  await page.waitForFunction(() => document.querySelector(':target')?.getBoundingClientRect().top < innerHeight);
}));

const ENDPOINTS = 'section[aria-labelledby=table-endpoints] tbody tr';
test('a link to a row that stands on a later page of its table, or that the filter hides, shows it', async () => {
  const id = process.env.LAST_ROW;
  const landed = (page) => page.waitForFunction((wanted) => {
    const row = document.querySelector(':target'), box = row?.getBoundingClientRect();
    return row?.id === wanted && box.top >= 0 && box.bottom <= innerHeight;
  }, id);
  await visit(() => `${address('large-report', 'index.html')}#${id}`, landed);
  await visit(() => address('large-report', 'index.html'), async (page) => {
    assert.equal(await page.locator(ENDPOINTS).count(), 100);
    await page.getByLabel('Filter Endpoints').fill('nothing has this');
    await page.evaluate((hash) => { location.hash = hash; }, `#${id}`);
    await landed(page);
  });
});

test('a link to a place below a table lands there, whatever stands above it by then', () => visit(() => `${address(THEME, 'traceability.html')}#what-nothing-covers`, async (page) => {
  await page.waitForFunction(() => Math.abs(document.querySelector('#what-nothing-covers').getBoundingClientRect().top) < 100);
}));

test('a link that is no address of anything does no harm', () => visit(() => `${address('large-report', 'index.html')}#%E0%A4%A"><img src=x onerror=hacked=1>`, async (page) => {
  assert.equal(await page.locator(ENDPOINTS).count(), 100);
}));

test('on paper stand all rows, and nothing to press', () => visit(() => address('large-report', 'index.html'), async (page) => {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.locator(ENDPOINTS).count(), 450);
  assert.equal(await page.getByText('Save as CSV').locator('visible=true').count(), 0);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await page.locator(ENDPOINTS).count(), 100);
}));

test('without JavaScript every row is there', () => visit(() => address('large-report', 'index.html'), async (page) => {
  assert.equal(await page.locator(ENDPOINTS).count(), 450);
}, { javaScriptEnabled: false }));

test('the search finds an endpoint by its path and a flag by its name', async () => {
  for (const [words, page_] of [['/api/v1/orders/exports', 'notes/async-exports'], ['order_holds', 'notes/order-holds'], ['POST /api/v1/orders/exports', 'notes/async-exports'], ['Order.customer_note', 'notes/customer-note-expand']]) {
    await visit(() => `${address(THEME, 'search.html')}?q=${encodeURIComponent(words)}`, async (page) => {
      await page.waitForSelector('#search-results ul.search li a');
      const links = await page.locator('#search-results ul.search li a').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
      assert.ok(links.some((link) => link.startsWith(`${page_}.html`)), `${words}: ${links.join(' ')}`);
    });
  }
});

for (const page_ of ['hostile.html', 'views.html']) {
  test(`nothing that an author writes runs on ${page_}`, () => visit(() => address('hostile', page_), async (page) => {
    for (const input of await page.locator('input[type=search]:visible').all()) await input.fill('<img src=x onerror=alert(1)>');
    assert.equal(await page.evaluate(() => document.title.length > 0 && globalThis.hacked), undefined);
  }));
}
test('nothing that an author writes runs in the report', () => visit(() => address('hostile-report', 'index.html'), async (page) => {
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
}));

// A shop that a walk may stop, start and set up as it likes: a copy of the seeded one, on a port of its own.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { SOUK, SEEDED } = process.env

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const { port } = server.address()
  await new Promise((closed) => server.close(closed))
  return port
}

export async function shop(settings = {}) {
  if (!SOUK || !SEEDED) throw new Error('SOUK names the server, SEEDED a data folder with the demo catalogue: see scripts/browser')
  const data = await mkdtemp(join(tmpdir(), 'souk-e2e-'))
  await cp(SEEDED, data, { recursive: true })
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const env = { ...process.env, SOUK_DATA_DIR: data, SOUK_LISTEN: `127.0.0.1:${port}`, ...settings }
  let running
  let output = ''

  async function start() {
    const child = spawn(SOUK, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise((done) => child.once('exit', done))
    running = { child, ended }
    child.stderr.on('data', (text) => (output += text))
    await new Promise((listens, fails) => {
      child.stdout.on('data', (text) => {
        output += text
        if (output.includes('listening on')) listens()
      })
      void ended.then(() => fails(new Error(`the server ended: ${output}`)))
    })
  }

  /** Stops it, as an operator does, and waits until it is gone. */
  async function stop() {
    running?.child.kill('SIGTERM')
    await running?.ended
    running = undefined
    output = ''
  }

  /** Runs one of its commands while it is down. */
  async function command(...words) {
    const child = spawn(SOUK, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let told = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (told += text))
    const code = await new Promise((done) => child.once('exit', done))
    if (code !== 0) throw new Error(`souk ${words.join(' ')}: ${told}`)
  }

  /** Gives a product with one variant another price, as an operator does: by an import. */
  async function reprice(handle, price) {
    const { variants, ...product } = await (await fetch(`${base}/api/v1/products/${handle}`)).json()
    const [{ sku, available }] = variants
    const cells = { Handle: handle, Title: product.title, Vendor: product.vendor, Published: 'true', 'Option1 Name': 'Title', 'Option1 Value': 'Default Title', 'Variant SKU': sku ?? '', 'Variant Inventory Qty': available ?? 0, 'Variant Price': price }
    const quoted = (values) => values.map((value) => `"${String(value).replaceAll('"', '""')}"`).join(',')
    const file = join(data, 'prices.csv')
    await writeFile(file, `${quoted(Object.keys(cells))}\n${quoted(Object.values(cells))}\n`)
    await stop()
    await command('import', 'products', file, '--format', 'shopify-csv')
    await start()
  }

  async function close() {
    await stop()
    await rm(data, { recursive: true, force: true })
  }

  await start()
  return { base, start, stop, reprice, close }
}

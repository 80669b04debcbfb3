/** Unpacks the browser into TMPDIR, unless it is there; a process of its own, because the package takes TMPDIR when it is loaded. */
import chromium from '@sparticuz/chromium';

const path = await chromium.executablePath();
const { LD_LIBRARY_PATH } = process.env;
process.stdout.write(JSON.stringify({ path, env: LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH } }));

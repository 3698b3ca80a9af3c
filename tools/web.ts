import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/**
 * Builds the page into a folder: index.html and assets/. The server replaces the nonce in every answer. Returns the modules
 * that are in it.
 */
export async function buildPage(folder: string): Promise<readonly string[]> {
  const built = await build({
    configFile: false,
    root: join('packages', 'web'),
    logLevel: 'warn',
    plugins: [react()],
    html: { cspNonce: '__NONCE__' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  });
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  return outputs.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

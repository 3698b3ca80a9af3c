import { defineConfig } from 'vitest/config';

const proofs = process.env['BULWARK_PROOF'] ?? '';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'tools/**/*.test.ts', 'e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(proofs === '' ? ['**/*.proof.test.ts'] : [])],
    pool: 'threads',
    isolate: false,
    testTimeout: proofs === 'full' ? 1_200_000 : 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: a second is too little on a busy machine.
    expect: { poll: { timeout: 30_000 } },
  },
});

import type { ClusterSize } from '@bulwark/demo';

function number(name: string, usual: number): number {
  const text = process.env[`BULWARK_BENCH_${name}`];
  if (text === undefined || text === '') return usual;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`BULWARK_BENCH_${name}: "${text}" is no number above 0`);
  return value;
}

/** The cluster that is watched. Less than it has no figures that count: it is for trying the benchmark itself. */
export const SIZE: ClusterSize = {
  seed: 'bench',
  now: Date.UTC(2026, 10, 26, 9, 30),
  namespaces: number('NAMESPACES', 200),
  workloads: number('WORKLOADS', 1200),
  pods: number('PODS', 10_000),
  objects: number('OBJECTS', 25_000),
};

export const CHURN_SEED = 'bench';
/** Changes a minute in a cluster of that size. */
export const CHURN_PER_MINUTE = 1000;

/** How long each part is measured. */
export const EXTENT = {
  /** Minutes of churn in which memory and processor are measured, after one of warming up. */
  steadyMinutes: number('STEADY_MINUTES', 5),
  /** Changes that a browser waits for. */
  probes: number('PROBES', 100),
  /** Changes over which growth is measured; a day has 1,440,000. */
  growthChanges: number('GROWTH_CHANGES', 120_000),
  /** How many times faster than usual they come. */
  growthPace: number('GROWTH_PACE', 20),
  /** Findings in the database while lists are measured. */
  findings: number('FINDINGS', 500_000),
  /** How often each request is made. */
  rounds: number('ROUNDS', 20),
  /** How often each is made when no answer is kept. */
  firstRounds: number('FIRST_ROUNDS', 5),
} as const;

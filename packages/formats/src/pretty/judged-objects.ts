import type { ScanReport } from '@bulwark/core';
import { counted } from './noun.ts';

/** What was judged, as `16 objects (11 workloads) in 7 files`; objects of a cluster stand in no file. */
export function judgedObjects({ files, resources, workloads }: ScanReport['totals']): string {
  const objects = `${counted(resources, 'object')} (${counted(workloads, 'workload')})`;
  return files === 0 && resources > 0 ? objects : `${objects} in ${counted(files, 'file')}`;
}

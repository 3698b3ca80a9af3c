/** Notices say whose a finding was before, so that a team which gets one is told of it, and who knows it already is not. */
export const MOVED_FINDINGS = 'alter table notice add column was_team text';

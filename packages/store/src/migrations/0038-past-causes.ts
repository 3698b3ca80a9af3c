/** What a finding of the past named as its cause is kept with it, so that it is folded as it was then. */
export const PAST_CAUSES = `
alter table finding_past
  -- As those of live findings. Null as well where the finding ended before this was kept.
  add column causes text[];
`;

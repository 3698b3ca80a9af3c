const TEMPLATE = 'spec.template.';
const JOB_TEMPLATE = 'spec.jobTemplate.spec.template.';

/** SQL for the path of a finding as a pod has it, so that a live pod and the template of its owner agree. */
export function spotOf(path: string): string {
  const behind = (prefix: string) =>
    `when starts_with(${path}, '${prefix}') then substr(${path}, ${prefix.length + 1})`;
  return `case ${behind(TEMPLATE)} ${behind(JOB_TEMPLATE)} else ${path} end`;
}

/**
 * SQL for whether a finding `s` tells `t` of the same object, of which its control tells others as far as `reach` says; each with
 * its `spot`.
 */
export const TELLS = `case reach when 'place' then s.container is not distinct from t.container and s.spot = t.spot
  else s.container is null or s.container = t.container end`;

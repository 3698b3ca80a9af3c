import type { Exception } from './exception.ts';

const DOMAIN = 'bulwark.dev/';
/** What an annotation is called that asks for an exception from a control, whose id comes after it. */
export const EXCEPT = `${DOMAIN}except.`;

/** What is likely meant as such, also where it is written otherwise; owners and the like have their keys in the domain too. */
const MEANT = /^bulwark\.dev\/(?:except|exempt|exclu|ignore|skip|suppress|accept|allow)/i;

/** For whom the annotation with a key is written; undefined when it is about no exception. */
export function originOfAnnotation(key: string): Exception['origin'] | undefined {
  if (key.startsWith(DOMAIN)) return MEANT.test(key) ? 'annotation' : undefined;
  if (key.startsWith('ignore-check.kube-linter.io/') || key === 'kube-linter.io/ignore-all')
    return 'tool:kube-linter';
  if (key.includes('checkov.io/skip') || key.includes('bridgecrew.io/skip')) return 'tool:checkov';
  if (/^polaris\.fairwinds\.com\/(.+-)?exempt$/.test(key)) return 'tool:polaris';
  return key === 'kube-score/ignore' || key === 'kube-score/skip' ? 'tool:kube-score' : undefined;
}

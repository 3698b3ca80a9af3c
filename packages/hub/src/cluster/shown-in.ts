import { controllerReference, type Finding, type Resource } from '@bulwark/core';
import type { ShownIn } from '@bulwark/store';
import { draftOf } from './row.ts';
import { idOf } from './stored-rows.ts';

/** In which pods alone findings are or were, as a batch tells it: by that it is known whose change is behind them. */
export class ShownInPods {
  private readonly contents = new WeakMap<Resource, string>();

  /**
   * @param ended what showed findings that are resolved, by fingerprint.
   * @param showing what shows a finding that is there.
   */
  of(
    ended: ReadonlyMap<string, readonly Resource[]>,
    there: readonly Finding[],
    showing: (finding: Finding) => readonly Resource[] | undefined,
  ): ReadonlyMap<string, ShownIn> {
    const shownIn = new Map<string, ShownIn>();
    for (const [fingerprint, pods] of ended) shownIn.set(fingerprint, this.told(pods));
    for (const finding of there) {
      const pods = showing(finding);
      if (pods !== undefined) shownIn.set(finding.fingerprint, this.told(pods));
    }
    return shownIn;
  }

  private told(pods: readonly Resource[]): ShownIn {
    const controllers = pods.flatMap((pod) => {
      const controller = controllerReference(pod);
      if (controller === undefined) return [];
      return idOf({ kind: controller.groupKind, namespace: pod.namespace, name: controller.name });
    });
    return { contents: pods.map((pod) => this.contentIn(pod)), controllers };
  }

  private contentIn(pod: Resource): string {
    const known = this.contents.get(pod);
    if (known !== undefined) return known;
    const content = draftOf(pod).bodyHash;
    this.contents.set(pod, content);
    return content;
  }
}

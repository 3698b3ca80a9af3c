import { type Container, type Resource, stringAt, type Workload, type WorldView } from '@bulwark/core';
import { type ContainerSetting, containerSettings } from './container-settings.ts';
import { digestsOfContainer, type PodStates } from './image-digests.ts';
import { marked, type RunningPods, withPods } from './running-pods.ts';

/** A workload with its templates, and its pods: those that run by content, all of them by name. */
export interface RunningWorkload {
  readonly resource: Resource;
  readonly running: readonly RunningPods[];
  readonly pods: readonly (PodStates[number] & { readonly bodyHash: string })[];
}

/** A container of a template or of pods that run. */
export interface RunningContainer {
  readonly name: string;
  readonly kind: Container['type'];
  readonly image: string;
  readonly isInTemplate: boolean;
  readonly isRunning: boolean;
  readonly inPods: string | null;
  /** What it runs; what its reference names where no pod says more. Several while a tag means different images. */
  readonly digests: readonly string[];
}

interface Place {
  readonly resource: Resource;
  readonly workload: Workload;
  readonly container: Container;
}

interface Found extends RunningContainer {
  readonly ofTemplate: readonly Place[];
  readonly ofPods: readonly { readonly place: Place; readonly pods: number }[];
}

/** The containers of a workload by name, kind and image: those of its templates, and what else its pods run. */
export function runningContainers(workload: RunningWorkload): readonly RunningContainer[] {
  return foundIn(workload);
}

/** The same with their settings, each that is not that of the template with where it holds. */
export function containersOf(workload: RunningWorkload, world: WorldView) {
  return foundIn(workload).flatMap(({ name, kind, image, inPods, digests, ofTemplate, ofPods }) => {
    const told = { name, kind, image, digest: digests.join(', ') || null, inPods };
    return settingsOf(ofTemplate, ofPods, world).map((settings) => ({ ...told, settings: [...settings] }));
  });
}

function foundIn({ resource, running, pods }: RunningWorkload): readonly Found[] {
  const template = placesIn(resource);
  const ofPods = running.map((each) => ({ ...each, items: placesIn(each.resource) }));
  const told = { template, running: ofPods, isOfOne: resource.workloads.length === 1 };
  return marked(told, keyOf).map(({ item, ...where }) => {
    const key = JSON.stringify(keyOf(item));
    const isIt = (place: Place): boolean => JSON.stringify(keyOf(place)) === key;
    const having = ofPods.filter(({ items }) => items.some(isIt));
    const hashes = new Set(having.map(({ bodyHash }) => bodyHash));
    const states = running.length === 0 ? pods : pods.filter(({ bodyHash }) => hashes.has(bodyHash));
    const { container } = item;
    return {
      ...{ name: container.name, kind: container.type, image: imageOf(container), ...where },
      digests: digestsOfContainer(container.spec, container.name, states),
      ofTemplate: template.filter(isIt),
      ofPods: having.flatMap(({ items, pods: count }) =>
        items.filter(isIt).map((place) => ({ place, pods: count })),
      ),
    };
  });
}

function placesIn(resource: Resource): readonly Place[] {
  return resource.workloads.flatMap((workload) =>
    workload.containers.map((container) => ({ resource, workload, container })),
  );
}

function keyOf({ container }: Place): readonly string[] {
  return [container.name, container.type, imageOf(container)];
}

function imageOf({ spec }: Container): string {
  return stringAt(spec, 'image') ?? '';
}

type SettingInPods = ContainerSetting & Pick<RunningContainer, 'inPods'>;

/** One list of settings; several where several templates have the container with different ones. */
function settingsOf(
  ofTemplate: Found['ofTemplate'],
  ofPods: Found['ofPods'],
  world: WorldView,
): readonly (readonly SettingInPods[])[] {
  const lists = new Map(
    (ofTemplate.length > 0 ? ofTemplate : ofPods.map(({ place }) => place)).map((place) => {
      const settings = containerSettings(place, world);
      return [JSON.stringify(settings.map(nameAndValue)), settings];
    }),
  );
  const [only = [], ...others] = lists.values();
  // Of several it is not known which is whose.
  if (others.length > 0 || ofTemplate.length === 0)
    return [...lists.values()].map((settings) => settings.map((each) => ({ ...each, inPods: null })));
  const running = ofPods.map(({ place, pods }) => ({ items: containerSettings(place, world), pods }));
  return [inOrder(withPods({ template: only, running, isOfOne: true }, nameAndValue))];
}

function nameAndValue({ name, value }: ContainerSetting): readonly string[] {
  return [name, value];
}

/** What its pods have in place of a setting stands after it. */
function inOrder(settings: readonly SettingInPods[]): readonly SettingInPods[] {
  const names = [...new Set(settings.map(({ name }) => name))];
  return names.flatMap((name) => settings.filter((each) => each.name === name));
}

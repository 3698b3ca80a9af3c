import {
  arrayAt,
  get,
  type ImageRef,
  type Json,
  type Path,
  parseImageRef,
  stringAt,
  type Workload,
  type WorkloadView,
} from '@bulwark/core';

/** An image that a pod template names: of a container, or of a volume that is an image. */
export interface ImageText {
  /** Of the text, from the object's root. */
  readonly path: Path;
  readonly text: string;
  /** `container app` or `volume models`. */
  readonly place: string;
  /** Of the pull policy, from the object's root. */
  readonly policyPath: Path;
  readonly policy: Json | undefined;
  readonly isEphemeral: boolean;
}

/** One whose text names an image. */
export interface ImageUse extends ImageText {
  readonly image: ImageRef;
}

/** What a tool replaces before the object is applied: templates, variables, names of its own, words in capitals. */
const FILLED_IN = /\{\{|\}\}|\$[({A-Z]|[<>]|^ko:\/\/|^[A-Z][A-Z0-9_]*(?:[:@/].*)?$/;
/** Istio's injection puts its own image in place of this one. */
const INJECTED = 'auto';

/** Every text of a pod template that is meant to name an image. */
export function* imageTexts(workload: Workload): Generator<ImageText> {
  for (const { name, type, spec, path } of workload.containers) {
    const text = spec['image'];
    if (!isWritten(text)) continue;
    yield {
      path: [...path, 'image'],
      text,
      place: `container ${name}`,
      policyPath: [...path, 'imagePullPolicy'],
      policy: spec['imagePullPolicy'],
      isEphemeral: type === 'ephemeral',
    };
  }
  for (const [index, volume] of (arrayAt(workload.spec, 'volumes') ?? []).entries()) {
    const text = get(volume, 'image', 'reference');
    if (!isWritten(text)) continue;
    const base = [...workload.specPath, 'volumes', index, 'image'];
    yield {
      path: [...base, 'reference'],
      text,
      place: `volume ${stringAt(volume, 'name') ?? `#${index}`}`,
      policyPath: [...base, 'pullPolicy'],
      policy: get(volume, 'image', 'pullPolicy'),
      isEphemeral: false,
    };
  }
}

function isWritten(text: Json | undefined): text is string {
  return typeof text === 'string' && text !== '' && text !== INJECTED && !FILLED_IN.test(text);
}

interface Read {
  readonly workload: Workload | undefined;
  readonly uses: readonly ImageUse[];
  /** Without those of ephemeral containers. */
  readonly lasting: readonly ImageUse[];
}

/** What was read last: several controls ask for the images of the same pod in turn. */
let last: Read = { workload: undefined, uses: [], lasting: [] };

function read(workload: Workload): Read {
  if (last.workload === workload) return last;
  const uses: ImageUse[] = [];
  for (const written of imageTexts(workload)) {
    const parsed = parseImageRef(written.text);
    if (parsed.ok) uses.push({ ...written, image: parsed.value });
  }
  last = { workload, uses, lasting: uses.filter(({ isEphemeral }) => !isEphemeral) };
  return last;
}

/** Every image of a pod template that can be read. Those of ephemeral containers on demand. */
export function imageUses(workload: Workload, withEphemeral: boolean): readonly ImageUse[] {
  const { uses, lasting } = read(workload);
  return withEphemeral ? uses : lasting;
}

/** Why the images of a pod are not judged: no text of it names one. */
export function whyNoImage({ workload }: WorkloadView): string | undefined {
  return read(workload).uses.length > 0 ? undefined : 'It names no image that can be read here.';
}

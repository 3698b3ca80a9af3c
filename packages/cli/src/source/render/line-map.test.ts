import { describe, expect, it } from 'vitest';
import { mapLines, rangeOf } from './line-map.ts';

const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      {{- if .Values.hostPID }}
      hostPID: true
      {{- end }}
      containers:
        {{- range .Values.containers }}
        - name: {{ .name }}
          image: {{ .image }}
        {{- end }}
`;
const RENDERED = `# Source: chart/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: one
          image: a
        - name: two
          image: b
`;

describe('mapLines', () => {
  it('leads every rendered line back to the line of the template that made it, loops included', () => {
    expect([...mapLines(RENDERED, TEMPLATE)].slice(1, 14)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 13, 14,
    ]);
  });

  it('stays in the part of the file that can have made it', () => {
    const twoDocuments = `a: 1\nname: x\n---\na: 2\nname: y\n`;

    expect([...mapLines('a: 2\nname: prefix-y\n', twoDocuments, { from: 2, to: 5 })].slice(0, 2)).toEqual([
      4, 5,
    ]);
  });

  it('keeps what comes from values below the key that takes it', () => {
    const template = `spec:
  containers:
    - name: first
      securityContext:
        {{- toYaml .Values.first | nindent 8 }}
    - name: second
      securityContext:
        privileged: true
`;
    const rendered = `spec:
  containers:
    - name: first
      securityContext:
        privileged: true
    - name: second
      securityContext:
        privileged: true
`;

    expect([...mapLines(rendered, template)].slice(0, 8)).toEqual([1, 2, 3, 4, 4, 6, 7, 8]);
  });

  it('finds what stands below a key that is made up', () => {
    const template =
      'data:\n  {{- range $k, $v := .Values.x }}\n  {{ $k }}:\n    image: {{ $v }}\n  {{- end }}\n';

    expect([...mapLines('data:\n  web:\n    image: a\n', template)].slice(0, 3)).toEqual([1, 1, 4]);
  });
});

describe('rangeOf', () => {
  const template = ['web', 'web-two', 'api']
    .map((name) => `kind: Deployment\nmetadata:\n  name: ${name}\n`)
    .join('---\n');

  it.each([
    ['prod-web-two', { from: 3, to: 8 }],
    ['web', { from: 0, to: 4 }],
    ['api', { from: 7, to: 12 }],
  ])('finds the document of %s', (name, range) => {
    expect(rangeOf(`kind: Deployment\nmetadata:\n  name: ${name}\n`, template)).toEqual(range);
  });

  it('finds a document with a templated name by its kind and its lines', () => {
    const templated = `kind: Service\nmetadata:\n  name: {{ .x }}\nspec:\n  type: NodePort\n---\nkind: Service\nmetadata:\n  name: {{ .y }}\nspec:\n  type: ClusterIP\n`;

    expect(
      rangeOf('kind: Service\nmetadata:\n  name: a\nspec:\n  type: ClusterIP\n', templated),
    ).toMatchObject({
      from: 5,
    });
  });
});

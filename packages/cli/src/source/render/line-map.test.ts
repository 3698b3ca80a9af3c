import { describe, expect, it } from 'vitest';
import { TemplateSource } from './line-map.ts';

function mapLines(rendered: string, template: string): Uint32Array {
  return new TemplateSource(template).map(rendered);
}

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

    expect([...mapLines(rendered, template)].slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('finds what stands below a key that is made up', () => {
    const template =
      'data:\n  {{- range $k, $v := .Values.x }}\n  {{ $k }}:\n    image: {{ $v }}\n  {{- end }}\n';

    expect([...mapLines('data:\n  web:\n    image: a\n', template)].slice(0, 3)).toEqual([1, 2, 4]);
  });
});

describe('the document of a source that a rendered object comes from', () => {
  const document = (name: string): string => `kind: Deployment\nmetadata:\n  name: ${name}\nspec: 1\n`;
  const template = ['web', 'web-two', 'api'].map(document).join('---\n');

  it.each([
    ['prod-web-two', 9],
    ['web', 4],
    ['api', 14],
  ])('is found for %s by its name, the longest that fits', (name, line) => {
    expect(mapLines(document(name), template)[3]).toBe(line);
  });

  it('is found by its kind and its lines where the name is templated', () => {
    const templated = ['NodePort', 'ClusterIP']
      .map((type) => `kind: Service\nmetadata:\n  name: {{ .x }}\nspec:\n  type: ${type}\n`)
      .join('---\n');

    expect(mapLines('kind: Service\nmetadata:\n  name: a\nspec:\n  type: ClusterIP\n', templated)[0]).toBe(7);
  });
});

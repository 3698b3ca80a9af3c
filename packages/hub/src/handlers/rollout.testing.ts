/** The Deployment `web` of the namespace `shop`, which runs an image. */
export const deployment = (image: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, uid: u-web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: "${image}" }] }
`;

/** What runs its pods. */
export const REPLICA_SET = `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  uid: u-web-1
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, uid: u-web, controller: true }]
spec:
  selector: { matchLabels: { app: web } }
  template: { spec: { containers: [{ name: app, image: "web:1" }] } }
`;

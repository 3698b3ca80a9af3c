export type { DemoActor } from './history/actors.ts';
export { type DemoChange, type DemoHistory, replay } from './history/change.ts';
export { type DemoOptions, demoHistory, demoShop } from './history/demo-history.ts';
export { type ChurnChange, demoChurn } from './scale/demo-churn.ts';
export { type ClusterSize, demoCluster } from './scale/demo-cluster.ts';
export { SeededRandom } from './seeded/random.ts';

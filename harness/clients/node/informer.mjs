// @kubernetes/client-node against a cluster: an informer, typed calls, a patch, errors.
//
// usage: KUBECONFIG=… NODE_MODULES=folder node informer.mjs (stalemate serve -- node informer.mjs)
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

let k8s;
try {
    k8s = createRequire(join(process.env.NODE_MODULES ?? '.', 'x'))('@kubernetes/client-node');
} catch (error) {
    console.log(`SKIPPED: @kubernetes/client-node of npm is not installed: run ci/clients (${error.code})`);
    process.exit(77);
}

const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api), apps = config.makeApiClient(k8s.AppsV1Api);

const waitFor = async (what, condition) => {
    for (const end = Date.now() + 30000; !await condition();) {
        assert(Date.now() < end, what);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
};

const seen = [];
const informer = k8s.makeInformer(config, '/api/v1/namespaces/default/pods', () => core.listNamespacedPod({ namespace: 'default' }));
for (const verb of ['add', 'update', 'delete'])
    informer.on(verb, (pod) => seen.push(`${verb} ${pod.metadata.name}`));
informer.on('error', (error) => seen.push(`error ${error}`));
await informer.start();

await apps.createNamespacedStatefulSet({ namespace: 'default', body: {
    metadata: { name: 'web' },
    spec: {
        serviceName: 'web', replicas: 2, selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
    },
} });
await waitFor('two are ready', async () =>
    (await apps.readNamespacedStatefulSet({ name: 'web', namespace: 'default' })).status.readyReplicas === 2);
await apps.patchNamespacedStatefulSet({ name: 'web', namespace: 'default', body: [{ op: 'replace', path: '/spec/replicas', value: 1 }] });
await waitFor('web-1 goes', () => seen.includes('delete web-1'));
assert.equal(seen[0], 'add web-0');
assert.deepEqual(informer.list('default').map((pod) => pod.metadata.name), ['web-0']);
assert(!seen.some((line) => line.startsWith('error')), seen.join());

await assert.rejects(core.readNamespacedPod({ name: 'nobody', namespace: 'default' }), (error) => error.code === 404);
await informer.stop();
console.log('client-node: well');
process.exit(0);

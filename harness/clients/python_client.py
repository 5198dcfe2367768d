"""The official Python client against a cluster: what a test of somebody else's operator does with it.

usage: KUBECONFIG=… python_client.py (stalemate serve -- python_client.py)
"""
import sys, threading, time

try:
    from kubernetes import client, config, dynamic, watch
except ImportError:
    print('SKIPPED: the package kubernetes of PyPI is not installed: run ci/clients')
    sys.exit(77)

STATEFULSET = {'metadata': {'name': 'web'}, 'spec': {
    'serviceName': 'web', 'replicas': 2, 'selector': {'matchLabels': {'app': 'web'}},
    'template': {'metadata': {'labels': {'app': 'web'}}, 'spec': {'containers': [{'name': 'main', 'image': 'web:1'}]}}}}


def wait_for(what, condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def play():
    core, apps, seen = client.CoreV1Api(), client.AppsV1Api(), []

    assert client.VersionApi().get_code().minor == '33'
    assert 'kube-system' in [n.metadata.name for n in core.list_namespace().items]

    def look():
        for event in watch.Watch().stream(core.list_namespaced_pod, 'default', timeout_seconds=30):
            seen.append((event['type'], event['object'].metadata.name))
            if seen[-1] == ('DELETED', 'web-1'):
                return
    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()

    apps.create_namespaced_stateful_set('default', STATEFULSET)
    wait_for('two pods are ready', lambda: apps.read_namespaced_stateful_set('web', 'default').status.ready_replicas == 2)
    apps.patch_namespaced_stateful_set_scale('web', 'default', {'spec': {'replicas': 1}})
    watcher.join(20)
    assert seen[0] == ('ADDED', 'web-0') and seen[-1] == ('DELETED', 'web-1'), seen

    sets = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version='apps/v1', kind='StatefulSet')
    assert [s.metadata.name for s in sets.get(namespace='default').items] == ['web']
    try:
        core.read_namespaced_pod('nobody', 'default')
        assert False, 'a pod that does not exist was read'
    except client.ApiException as error:
        assert error.status == 404, error


config.load_kube_config()
play()
print('python: well')

#!/bin/sh
# kubectl against a cluster: apply, watch, scale, rollout, patch, labels, another user, deletion.
# usage: KUBECONFIG=… kubectl_client.sh (stalemate serve -- kubectl_client.sh)
set -eu
command -v kubectl >/dev/null || { echo 'SKIPPED: there is no kubectl here: run ci/clients'; exit 77; }

# is WANTED COMMAND…: what the command prints.
is() {
    wanted=$1 && shift
    got=$("$@")
    [ "$got" = "$wanted" ] || { echo "$*: $got, and not $wanted" >&2; exit 1; }
}

kubectl apply -f - <<'END'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: main, image: 'web:1'}]
END
kubectl rollout status statefulset/web --timeout 30s
is 'web-0 web-1' kubectl get pods -l app=web -o 'jsonpath={.items[*].metadata.name}'
kubectl scale statefulset/web --replicas 1
kubectl wait pod/web-1 --for delete --timeout 30s
kubectl patch statefulset/web --type json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:2"}]'
kubectl rollout status statefulset/web --timeout 30s
is 'web:2' kubectl get pod web-0 -o 'jsonpath={.spec.containers[0].image}'
kubectl label statefulset/web tier=front
is 'statefulset.apps/web' kubectl get statefulsets -l tier=front -o name
kubectl describe statefulset/web | grep -q 'Pods Status: *1 Running'
! kubectl get pods --as bob 2>/dev/null
! kubectl get pod nobody 2>/dev/null
kubectl delete statefulset/web --cascade=foreground --timeout 30s
is '' kubectl get pods -o name
echo 'kubectl: well'

// A controller-runtime manager whose reconciler owns a StatefulSet: a custom resource says how many replicas, the set is made and
// kept so, and the custom resource's status tells how many are ready.
//
// usage: KUBECONFIG=… manager (stalemate serve -- manager)
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var webKind = schema.GroupVersionKind{Group: "example.dev", Version: "v1", Kind: "Web"}

func newWeb() *unstructured.Unstructured {
	web := &unstructured.Unstructured{}
	web.SetGroupVersionKind(webKind)
	return web
}

var definition = &unstructured.Unstructured{Object: map[string]any{
	"apiVersion": "apiextensions.k8s.io/v1",
	"kind":       "CustomResourceDefinition",
	"metadata":   map[string]any{"name": "webs.example.dev"},
	"spec": map[string]any{
		"group": "example.dev",
		"scope": "Namespaced",
		"names": map[string]any{"plural": "webs", "kind": "Web"},
		"versions": []any{map[string]any{
			"name": "v1", "served": true, "storage": true,
			"subresources": map[string]any{"status": map[string]any{}},
			"schema": map[string]any{"openAPIV3Schema": map[string]any{
				"type": "object",
				"properties": map[string]any{
					"spec": map[string]any{"type": "object", "properties": map[string]any{
						"replicas": map[string]any{"type": "integer", "minimum": int64(0)}}},
					"status": map[string]any{"type": "object", "properties": map[string]any{
						"ready": map[string]any{"type": "integer"}}},
				},
			}},
		}},
	},
}}

type reconciler struct{ client.Client }

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	web := newWeb()
	if err := r.Get(ctx, request.NamespacedName, web); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	wanted, _, _ := unstructured.NestedInt64(web.Object, "spec", "replicas")
	set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: request.Name, Namespace: request.Namespace}}
	if _, err := controllerutil.CreateOrUpdate(ctx, r.Client, set, func() error {
		labels := map[string]string{"web": request.Name}
		replicas := int32(wanted)
		set.Spec.Replicas = &replicas
		set.Spec.ServiceName = request.Name
		set.Spec.Selector = &metav1.LabelSelector{MatchLabels: labels}
		set.Spec.Template.Labels = labels
		if len(set.Spec.Template.Spec.Containers) == 0 {
			set.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "web:1"}}
		}
		return controllerutil.SetControllerReference(web, set, r.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	told, found, _ := unstructured.NestedInt64(web.Object, "status", "ready")
	if ready := int64(set.Status.ReadyReplicas); !found || told != ready {
		if err := unstructured.SetNestedField(web.Object, ready, "status", "ready"); err != nil {
			return ctrl.Result{}, err
		}
		return ctrl.Result{}, r.Status().Update(ctx, web)
	}
	return ctrl.Result{}, nil
}

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func waitFor(ctx context.Context, what string, condition func() bool) {
	check(what, wait.PollUntilContextCancel(ctx, 10*time.Millisecond, true, func(context.Context) (bool, error) { return condition(), nil }))
}

// What a user does, and sees.
func play(ctx context.Context, c client.Client) {
	web, key := newWeb(), client.ObjectKey{Namespace: "default", Name: "shop"}
	web.SetNamespace(key.Namespace)
	web.SetName(key.Name)
	check("spec", unstructured.SetNestedField(web.Object, int64(2), "spec", "replicas"))
	check("a Web", c.Create(ctx, web))
	ready := func(wanted int64) func() bool {
		return func() bool {
			now := newWeb()
			if err := c.Get(ctx, key, now); err != nil {
				return false
			}
			told, found, _ := unstructured.NestedInt64(now.Object, "status", "ready")
			return found && told == wanted
		}
	}
	waitFor(ctx, "two are ready", ready(2))
	check("more", c.Patch(ctx, web, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"replicas":3}}`))))
	waitFor(ctx, "three are ready", ready(3))

	// Whoever meddles with the set is corrected, and who deletes it gets it back.
	set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: key.Name, Namespace: key.Namespace}}
	check("meddling", c.Patch(ctx, set, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"replicas":1}}`))))
	waitFor(ctx, "it is corrected", func() bool {
		return c.Get(ctx, key, set) == nil && *set.Spec.Replicas == 3 && set.Status.ReadyReplicas == 3
	})
	check("the set's end", c.Delete(ctx, set))
	old := set.UID
	waitFor(ctx, "another set is ready", func() bool {
		return c.Get(ctx, key, set) == nil && set.UID != old && set.Status.ReadyReplicas == 3
	})

	check("the Web's end", c.Delete(ctx, web))
	waitFor(ctx, "it is gone", func() bool { return errors.IsNotFound(c.Get(ctx, key, newWeb())) })
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	ctrl.SetLogger(logr.Discard())
	config, err := ctrl.GetConfig()
	check("the kubeconfig", err)
	direct, err := client.New(config, client.Options{})
	check("a client", err)
	check("the definition", direct.Create(ctx, definition.DeepCopy()))

	manager, err := ctrl.NewManager(config, ctrl.Options{
		Metrics: metricsserver.Options{BindAddress: "0"}, LeaderElection: true, LeaderElectionID: "shop", LeaderElectionNamespace: "default"})
	check("a manager", err)
	check("a controller", ctrl.NewControllerManagedBy(manager).Named("web").For(newWeb()).Owns(&appsv1.StatefulSet{}).
		Complete(&reconciler{manager.GetClient()}))
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(ctx) }()
	play(ctx, direct)
	cancel()
	check("the manager's end", <-ended)
	fmt.Println("controller-runtime: well")
}

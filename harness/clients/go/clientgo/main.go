// client-go against a cluster: typed clients, a shared informer, conflicts, server-side apply, scale.
//
// usage: KUBECONFIG=… clientgo (stalemate serve -- clientgo)
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"
)

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func must(what string, right bool) {
	if !right {
		check(what, fmt.Errorf("that is not so"))
	}
}

func statefulSet(name string, replicas int32) *appsv1.StatefulSet {
	labels := map[string]string{"app": name}
	return &appsv1.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.StatefulSetSpec{
			Replicas:    &replicas,
			ServiceName: name,
			Selector:    &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "web:1"}}},
			},
		},
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	check("the kubeconfig", err)
	client, err := kubernetes.NewForConfig(config)
	check("a client", err)
	version, err := client.Discovery().ServerVersion()
	check("the version", err)
	must("the server is 1.33", version.Minor == "33")

	// An informer sees a set's pods come, become ready, and go.
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace("default"))
	deleted := make(chan string, 16)
	_, err = factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		DeleteFunc: func(object any) { deleted <- object.(*corev1.Pod).Name },
	})
	check("a handler", err)
	lister := factory.Core().V1().Pods().Lister().Pods("default")
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	sets := client.AppsV1().StatefulSets("default")
	_, err = sets.Create(ctx, statefulSet("web", 2), metav1.CreateOptions{})
	check("a StatefulSet", err)
	check("two pods are ready in the cache", wait.PollUntilContextCancel(ctx, 10*time.Millisecond, true, func(context.Context) (bool, error) {
		pod, err := lister.Get("web-1")
		if err != nil {
			return false, nil
		}
		for _, condition := range pod.Status.Conditions {
			if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
				return true, nil
			}
		}
		return false, nil
	}))
	scale, err := sets.GetScale(ctx, "web", metav1.GetOptions{})
	check("its scale", err)
	scale.Spec.Replicas = 1
	_, err = sets.UpdateScale(ctx, "web", scale, metav1.UpdateOptions{})
	check("fewer replicas", err)
	must("web-1 goes first", <-deleted == "web-1")

	// Two writers of one object: the later one conflicts, reads again, and wins.
	maps := client.CoreV1().ConfigMaps("default")
	first, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "shared"}}, metav1.CreateOptions{})
	check("a ConfigMap", err)
	second := first.DeepCopy()
	first.Data = map[string]string{"first": "yes"}
	_, err = maps.Update(ctx, first, metav1.UpdateOptions{})
	check("the first update", err)
	second.Data = map[string]string{"second": "yes"}
	_, err = maps.Update(ctx, second, metav1.UpdateOptions{})
	must("the second conflicts", errors.IsConflict(err))
	check("it tries again", retry.RetryOnConflict(retry.DefaultRetry, func() error {
		current, err := maps.Get(ctx, "shared", metav1.GetOptions{})
		if err != nil {
			return err
		}
		current.Data["second"] = "yes"
		_, err = maps.Update(ctx, current, metav1.UpdateOptions{})
		return err
	}))

	// Server-side apply by another manager owns what it says.
	applied, err := maps.Apply(ctx, applycorev1.ConfigMap("shared", "default").WithData(map[string]string{"third": "yes"}),
		metav1.ApplyOptions{FieldManager: "third"})
	check("an apply", err)
	must("all three are there", len(applied.Data) == 3)
	_, err = maps.Apply(ctx, applycorev1.ConfigMap("shared", "default").WithData(map[string]string{"second": "no"}),
		metav1.ApplyOptions{FieldManager: "third"})
	must("what another owns conflicts", errors.IsConflict(err))

	_, err = client.CoreV1().Pods("default").Get(ctx, "nobody", metav1.GetOptions{})
	must("a pod that does not exist is not found", errors.IsNotFound(err))
	fmt.Println("client-go: well")
}

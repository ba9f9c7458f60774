// Recorder answers whether the API server takes a custom object, with the API server's own code and an upstream CRD.
//
// It reads one case a line ({"object": ..., "old": ...}), writes one answer a line ({"status", "errors", "stored"}), and
// takes the CRDs' files as arguments. Run by record.py.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"
)

type validator interface {
	Validate(context.Context, runtime.Object) field.ErrorList
	ValidateUpdate(context.Context, runtime.Object, runtime.Object) field.ErrorList
}

// kind is one custom kind as the API server holds it.
type kind struct {
	gvk        schema.GroupVersionKind
	structural *structuralschema.Structural
	validator  validator
	apply      managedfields.TypeConverter
}

type answer struct {
	Status int            `json:"status"`
	Errors []string       `json:"errors,omitempty"`
	Stored map[string]any `json:"stored,omitempty"`
}

func main() {
	kinds := map[string]*kind{}
	for _, path := range os.Args[1:] {
		for _, loaded := range load(path) {
			kinds[loaded.gvk.GroupVersion().String()+" "+loaded.gvk.Kind] = loaded
		}
	}
	cases := bufio.NewScanner(os.Stdin)
	cases.Buffer(make([]byte, 1<<20), 1<<26)
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for cases.Scan() {
		var one struct {
			Object map[string]any `json:"object"`
			Old    map[string]any `json:"old"`
		}
		must(utiljson.Unmarshal(cases.Bytes(), &one))
		name := one.Object["apiVersion"].(string) + " " + one.Object["kind"].(string)
		must(answers.Encode(kinds[name].answer(one.Object, one.Old)))
	}
	must(cases.Err())
}

func load(path string) []*kind {
	data, err := os.ReadFile(path)
	must(err)
	crd := &apiextensionsv1.CustomResourceDefinition{}
	must(yaml.Unmarshal(data, crd))
	var kinds []*kind
	for _, version := range crd.Spec.Versions {
		kinds = append(kinds, loadVersion(crd, version))
	}
	return kinds
}

func loadVersion(crd *apiextensionsv1.CustomResourceDefinition, version apiextensionsv1.CustomResourceDefinitionVersion) *kind {
	props := &apiextensions.JSONSchemaProps{}
	must(apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, props, nil))
	structural, err := structuralschema.NewStructural(props)
	must(err)
	schemaValidator, _, err := validation.NewSchemaValidator(props)
	must(err)
	var scale *apiextensions.CustomResourceSubresourceScale
	if sub := version.Subresources; sub != nil && sub.Scale != nil {
		sub := sub.Scale
		scale = &apiextensions.CustomResourceSubresourceScale{SpecReplicasPath: sub.SpecReplicasPath, StatusReplicasPath: sub.StatusReplicasPath}
	}
	gvk := schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
	status := &apiextensions.CustomResourceSubresourceStatus{}
	strategy := customresource.NewStrategy(nil, crd.Spec.Scope == apiextensionsv1.NamespaceScoped, gvk, schemaValidator, nil, structural, status, scale, nil)
	openapi, err := builder.BuildOpenAPIV3(crd, version.Name, builder.Options{})
	must(err)
	converter, err := managedfields.NewTypeConverter(openapi.Components.Schemas, false)
	must(err)
	return &kind{gvk, structural, strategy, converter}
}

// answer follows server-side apply: type the patch, fill in defaults, validate.
func (k *kind) answer(object, old map[string]any) answer {
	applied := &unstructured.Unstructured{Object: object}
	if _, err := k.apply.ObjectToTyped(applied); err != nil {
		return answer{Status: 500, Errors: lines(err)}
	}
	k.fill(object)
	var found field.ErrorList
	if old == nil {
		found = k.validator.Validate(context.Background(), applied)
	} else {
		k.fill(old)
		before := &unstructured.Unstructured{Object: old}
		before.SetResourceVersion("1")
		applied.SetResourceVersion("1")
		found = k.validator.ValidateUpdate(context.Background(), applied, before)
		applied.SetResourceVersion("")
	}
	if len(found) == 0 {
		return answer{Status: 200, Stored: object}
	}
	refused := answer{Status: 422}
	for _, one := range found {
		refused.Errors = append(refused.Errors, one.Error())
	}
	return refused
}

func (k *kind) fill(object map[string]any) {
	defaulting.PruneNonNullableNullsWithoutDefaults(object, k.structural)
	defaulting.Default(object, k.structural)
}

func lines(err error) []string {
	var all []string
	for _, line := range strings.Split(strings.TrimPrefix(err.Error(), "errors:\n"), "\n") {
		all = append(all, strings.TrimSpace(line))
	}
	return all
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

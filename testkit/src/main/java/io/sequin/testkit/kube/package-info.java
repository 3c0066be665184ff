/** A real Kubernetes API server with etcd, for tests and the demo. */
@NullMarked
package io.sequin.testkit.kube;

import org.jspecify.annotations.NullMarked;

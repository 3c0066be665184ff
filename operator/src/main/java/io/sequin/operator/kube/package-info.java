/** What both reconcilers need of Kubernetes: conditions, indexes, Secret-backed credentials, events, patches. */
@NullMarked
package io.sequin.operator.kube;

import org.jspecify.annotations.NullMarked;

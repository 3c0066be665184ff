/** The API: what users write and what the operator reports, one record per object of the manifest. */
@NullMarked
package io.sequin.api.v1alpha1;

import org.jspecify.annotations.NullMarked;

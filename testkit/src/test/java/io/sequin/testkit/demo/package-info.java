/** Tests of the demo's pictures. */
@org.jspecify.annotations.NullMarked
package io.sequin.testkit.demo;

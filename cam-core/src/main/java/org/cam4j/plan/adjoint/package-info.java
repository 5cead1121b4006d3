/** The way back through a plan, from scores to a layer, as another plan. */
package org.cam4j.plan.adjoint;

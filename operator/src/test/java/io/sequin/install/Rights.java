package io.sequin.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.sequin.testkit.kube.AuditEntry;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Rights in words: verb, group, resource, subresource, such as {@code patch sequin.io/syncs/status}. */
final class Rights {
    private Rights() {}

    /** What the roles among these objects grant. */
    static Set<String> granted(Collection<HasMetadata> objects) {
        Set<String> rights = new TreeSet<>();
        for (HasMetadata object : objects) {
            List<PolicyRule> rules = switch (object) {
                case Role role -> role.getRules();
                case ClusterRole role -> role.getRules();
                default -> List.of();
            };
            for (PolicyRule rule : rules) {
                for (String group : rule.getApiGroups()) {
                    for (String resource : rule.getResources()) {
                        rule.getVerbs().forEach(verb -> rights.add(verb + " " + group + "/" + resource));
                    }
                }
            }
        }
        return rights;
    }

    /** What these requests needed; URLs that are no resources need none of a role's. */
    static Set<String> used(Collection<AuditEntry> requests) {
        Set<String> rights = new TreeSet<>();
        for (AuditEntry request : requests) {
            if (request.resource() != null) {
                String subresource = request.subresource() == null ? "" : "/" + request.subresource();
                rights.add(request.verb() + " " + request.apiGroup() + "/" + request.resource() + subresource);
            }
        }
        return rights;
    }
}

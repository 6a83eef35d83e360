//! How many machines of a group a rolling update replaces at a time (kops `pkg/instancegroups`). Pure; replaces nothing.

use crate::spec::values::Share;
use crate::spec::{ClusterSpec, GroupSpec, Role, RollingUpdate};

/// The pace at which the machines of one group are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Whether machines are drained and terminated. Otherwise they are only detached, and the user ends them.
    pub terminates: bool,
    /// How many machines are detached first, so that their replacements start before they end.
    pub surge: usize,
    /// How many machines end at the same time, at least 1.
    pub at_once: usize,
}

impl Pace {
    /// The pace of a group that has `machines`, of which an update replaces `outdated`. The group's own settings come
    /// first, then the cluster's, then kops's defaults: one additional machine, and no unavailable one.
    ///
    /// A percentage rounds up for `maxSurge`. For `maxUnavailable` it rounds down, to at least 1. A new machine of the
    /// control plane starts only after the old one is gone, because it takes over the old one's place in etcd.
    pub fn of(cluster: &ClusterSpec, group: &GroupSpec, machines: usize, outdated: usize) -> Self {
        let open = RollingUpdate::default();
        let [own, common] =
            [&group.rolling_update, &cluster.rolling_update].map(|given| given.as_ref().unwrap_or(&open));
        let terminates = own.drain_and_terminate.or(common.drain_and_terminate).unwrap_or(true);
        let surge = own.max_surge.or(common.max_surge);
        let surge = surge.map_or(1, |surge| count(surge, machines, usize::div_ceil));
        let unavailable = own.max_unavailable.or(common.max_unavailable);
        let unavailable = match unavailable {
            None => usize::from(surge == 0),
            Some(share @ Share::Percent(_)) => count(share, machines, |all, of| all / of).max(1),
            Some(number) => count(number, machines, usize::div_ceil),
        };
        let surge = surge.min(outdated);
        if group.role == Some(Role::ControlPlane) {
            return Self { terminates, surge: 0, at_once: unavailable.max(1) };
        }
        Self { terminates, surge, at_once: (surge + unavailable).max(1) }
    }
}

/// How many of `all` machines a share is.
fn count(share: Share, all: usize, round: impl Fn(usize, usize) -> usize) -> usize {
    match share {
        Share::Count(number) => number as usize,
        Share::Percent(percent) => round(all.saturating_mul(percent as usize), 100),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pace(group: &str, cluster: &str, role: Role, machines: usize) -> [usize; 2] {
        let settings = |text: &str| -> Option<RollingUpdate> {
            (!text.is_empty()).then(|| serde_saphyr::from_str(text).unwrap())
        };
        let cluster = ClusterSpec { rolling_update: settings(cluster), ..ClusterSpec::default() };
        let group = GroupSpec { role: Some(role), rolling_update: settings(group), ..GroupSpec::default() };
        let pace = Pace::of(&cluster, &group, machines, machines);
        assert!(pace.terminates);
        [pace.surge, pace.at_once]
    }

    /// The rows of kops's documentation of rolling updates, and its rounding.
    #[test]
    fn numbers_and_shares_of_the_cluster_and_the_group() {
        for (group, cluster, machines, expected) in [
            ("", "", 5, [1, 1]),
            ("{maxSurge: 0}", "", 5, [0, 1]),
            ("{maxUnavailable: 2}", "", 5, [1, 3]),
            ("{maxSurge: 0, maxUnavailable: 3}", "", 5, [0, 3]),
            ("", "{maxSurge: 3, maxUnavailable: 1}", 10, [3, 4]),
            ("{maxUnavailable: 2}", "{maxSurge: 0, maxUnavailable: 1}", 10, [0, 2]),
            ("{maxSurge: 30%}", "", 5, [2, 2]),
            ("{maxSurge: 0, maxUnavailable: 30%}", "", 5, [0, 1]),
            ("{maxSurge: 0, maxUnavailable: 10%}", "", 5, [0, 1]),
            ("{maxSurge: 0, maxUnavailable: 50%}", "", 9, [0, 4]),
            ("{maxSurge: 100%}", "", 4, [4, 4]),
            ("{maxSurge: 50}", "", 4, [4, 4]),
            ("{maxSurge: 0%}", "", 4, [0, 1]),
            ("{maxSurge: 0}", "{maxUnavailable: 0}", 4, [0, 1]),
        ] {
            assert_eq!(pace(group, cluster, Role::Node, machines), expected, "{group} {cluster}");
        }
        assert_eq!(pace("", "{maxSurge: 3}", Role::ControlPlane, 3), [0, 1]);
        assert_eq!(pace("{maxUnavailable: 2}", "", Role::ControlPlane, 3), [0, 2]);
        assert_eq!(pace("", "{maxSurge: 2}", Role::ApiServer, 3), [2, 2]);
    }

    #[test]
    fn a_group_may_only_detach() {
        let settings = RollingUpdate { drain_and_terminate: Some(false), ..RollingUpdate::default() };
        let cluster = ClusterSpec { rolling_update: Some(settings), ..ClusterSpec::default() };
        assert!(!Pace::of(&cluster, &GroupSpec::default(), 2, 2).terminates);
    }
}

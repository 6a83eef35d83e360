//! Instance refreshes of Auto Scaling, which the emulator lacks. The proxy keeps them, and the emulator replaces the
//! instances. Each description of a refresh takes it one step on. Follows the API reference of Auto Scaling.

use std::fmt::Write;

use super::{Answer, Call, Rules};

/// A refresh of a group.
pub(super) struct Refresh {
    id: String,
    group: String,
    status: Status,
    preferences: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Pending,
    InProgress,
    Successful,
    Cancelling,
    Cancelled,
}

impl Status {
    fn is_active(self) -> bool {
        matches!(self, Self::Pending | Self::InProgress | Self::Cancelling)
    }
}

impl Rules {
    /// The answer to a call about refreshes.
    pub(super) fn refresh(&self, call: &Call) -> Option<Answer> {
        match call.operation.as_str() {
            "StartInstanceRefresh" => Some(self.start(call)),
            "CancelInstanceRefresh" => Some(self.cancel(call)),
            "DescribeInstanceRefreshes" => Some(self.describe(call)),
            _ => None,
        }
    }

    fn start(&self, call: &Call) -> Answer {
        let group = group_of(call);
        let there = self.asked(call, &[VERSION, ("Action", "DescribeAutoScalingGroups"), (NAMES, group)]);
        if !there.contains("<AutoScalingGroupARN>") {
            return call.refused(400, "ValidationError", "AutoScalingGroup name not found - null");
        }
        let has = |prefix: &str| call.fields.keys().any(|key| key.starts_with(prefix));
        let rolls_back = call.fields.get("Preferences.AutoRollback").is_some_and(|is| is == "true");
        if rolls_back && !has("DesiredConfiguration.") {
            let message = "AutoRollback needs a desired configuration.";
            return call.refused(400, "ValidationError", message);
        }
        let refreshes = &mut self.state().refreshes;
        if let Some(active) = active(refreshes, group) {
            // A refresh that stops has stopped when the next caller asks.
            if active.status == Status::Cancelling {
                active.status = Status::Cancelled;
            }
            let message = "An Instance Refresh is already in progress and blocks the execution of this one.";
            return call.refused(400, "InstanceRefreshInProgress", message);
        }
        let preferences = call.fields.iter().filter_map(|(key, value)| {
            let name = key.strip_prefix("Preferences.")?;
            (!name.contains('.')).then(|| (name.to_owned(), value.clone()))
        });
        let id = format!("08b91cf7-8fa6-48af-b6a6-{:012x}", refreshes.len());
        refreshes.push(Refresh {
            id: id.clone(),
            group: group.to_owned(),
            status: Status::Pending,
            preferences: preferences.collect(),
        });
        said(call, &format!("<InstanceRefreshId>{id}</InstanceRefreshId>"))
    }

    fn cancel(&self, call: &Call) -> Answer {
        let refreshes = &mut self.state().refreshes;
        match active(refreshes, group_of(call)) {
            Some(active) if active.status != Status::Cancelling => {
                active.status = Status::Cancelling;
                said(call, &format!("<InstanceRefreshId>{}</InstanceRefreshId>", active.id))
            }
            _ => {
                let message = "No in progress or pending Instance Refresh found.";
                call.refused(400, "ActiveInstanceRefreshNotFound", message)
            }
        }
    }

    fn describe(&self, call: &Call) -> Answer {
        let group = group_of(call);
        let ends = {
            let refreshes = &mut self.state().refreshes;
            let stepped = active(refreshes, group).map(|active| {
                active.status = match active.status {
                    Status::Pending => Status::InProgress,
                    Status::Cancelling => Status::Cancelled,
                    _ => Status::Successful,
                };
                active.status
            });
            stepped == Some(Status::Successful)
        };
        if ends {
            self.replace_instances(call, group);
        }
        let mut shown = String::new();
        for refresh in self.state().refreshes.iter().rev().filter(|refresh| refresh.group == group) {
            let done = if refresh.status == Status::Successful { 100 } else { 0 };
            _ = write!(
                shown,
                "<member><InstanceRefreshId>{}</InstanceRefreshId><AutoScalingGroupName>{group}</AutoScalingGroupName>\
                 <Status>{:?}</Status><PercentageComplete>{done}</PercentageComplete><Preferences>",
                refresh.id, refresh.status
            );
            for (name, value) in &refresh.preferences {
                _ = write!(shown, "<{name}>{value}</{name}>");
            }
            shown += "</Preferences></member>";
        }
        said(call, &format!("<InstanceRefreshes>{shown}</InstanceRefreshes>"))
    }

    /// Ends each instance of a group. The emulator starts others from the group's template.
    fn replace_instances(&self, call: &Call, group: &str) {
        let text = self.asked(call, &[VERSION, ("Action", "DescribeAutoScalingGroups"), (NAMES, group)]);
        let ids = text.split("<InstanceId>").skip(1).filter_map(|rest| rest.split('<').next());
        for id in ids {
            let ends = "TerminateInstanceInAutoScalingGroup";
            let fields =
                [VERSION, ("Action", ends), ("InstanceId", id), ("ShouldDecrementDesiredCapacity", "false")];
            self.asked(call, &fields);
        }
    }
}

const VERSION: (&str, &str) = ("Version", "2011-01-01");
const NAMES: &str = "AutoScalingGroupNames.member.1";

fn group_of(call: &Call) -> &str {
    call.fields.get("AutoScalingGroupName").map_or("", String::as_str)
}

fn active<'a>(refreshes: &'a mut [Refresh], group: &str) -> Option<&'a mut Refresh> {
    refreshes.iter_mut().find(|refresh| refresh.group == group && refresh.status.is_active())
}

fn said(call: &Call, result: &str) -> Answer {
    let operation = &call.operation;
    let body = format!(
        "<{operation}Response xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\"><{operation}Result>{result}\
         </{operation}Result><ResponseMetadata><RequestId>strict</RequestId></ResponseMetadata></{operation}Response>"
    );
    Answer::xml(body)
}

//! The calls for attachments. An id names the group and the balancer, because a group lists its balancers.

use super::{AutoscalingAttachment, AutoscalingAttachmentAttributes};
use crate::{autoscaling::client::*, client::prelude::*};

#[async_trait]
impl Calls<Client> for AutoscalingAttachment {
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let asked = which.ids_or(|attachment| attachment.identity().into());
        let asked: Vec<(&str, AutoscalingAttachment)> =
            asked.iter().filter_map(|id| Some((&**id, parsed(id)?))).collect();
        let mut names: Vec<&str> =
            asked.iter().map(|(_, attachment)| attachment.autoscaling_group_name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let groups = groups(client, &names).await?;
        let is_there = |attachment: &AutoscalingAttachment| {
            let name = Some(attachment.autoscaling_group_name.as_str());
            let group = groups.iter().find(|group| group.auto_scaling_group_name() == name);
            group.is_some_and(|group| match (&attachment.elb, &attachment.lb_target_group_arn) {
                (Some(elb), _) => group.load_balancer_names().iter().any(|name| name == elb.as_str()),
                (None, Some(arn)) => group.target_group_arns().iter().any(|one| one == arn.as_str()),
                (None, None) => false,
            })
        };
        let there = asked.into_iter().filter(|(_, attachment)| is_there(attachment));
        let seen = there.map(|(id, attachment)| {
            Seen::new(attachment, AutoscalingAttachmentAttributes { id: Id::new(id) })
        });
        Ok(seen.collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let (calls, group) = (&client.autoscaling, self.autoscaling_group_name.as_str());
        match (&self.elb, &self.lb_target_group_arn) {
            (Some(elb), None) => {
                let call = calls.attach_load_balancers().auto_scaling_group_name(group);
                call.load_balancer_names(elb.as_str()).send().await.map_err(failed)?;
            }
            (None, Some(arn)) => {
                let call = calls.attach_load_balancer_target_groups().auto_scaling_group_name(group);
                call.target_group_arns(arn.as_str()).send().await.map_err(failed)?;
            }
            _ => {
                let message = "expected one of elb and lb_target_group_arn";
                return Err(Error::new(ErrorKind::Invalid, message));
            }
        }
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let attachment = &prior.arguments;
        let (calls, group) = (&client.autoscaling, attachment.autoscaling_group_name.as_str());
        if let Some(elb) = &attachment.elb {
            let call = calls.detach_load_balancers().auto_scaling_group_name(group);
            call.load_balancer_names(elb.as_str()).send().await.map_err(failed)?;
        }
        if let Some(arn) = &attachment.lb_target_group_arn {
            let call = calls.detach_load_balancer_target_groups().auto_scaling_group_name(group);
            call.target_group_arns(arn.as_str()).send().await.map_err(failed)?;
        }
        Ok(Next::wait("waiting for the balancer to be detached"))
    }
}

impl AutoscalingAttachment {
    /// The group and the balancer, which identify an attachment in AWS.
    fn identity(&self) -> String {
        let elb = self.elb.as_ref().map(Id::as_str);
        let balancer = elb.or(self.lb_target_group_arn.as_ref().map(Id::as_str));
        format!("{}/{}", self.autoscaling_group_name, balancer.unwrap_or_default())
    }
}

/// The attachment that an id names. A group's name and an ARN may contain slashes.
fn parsed(id: &str) -> Option<AutoscalingAttachment> {
    let (group, balancer) = match id.find("/arn:") {
        Some(at) => (&id[..at], &id[at + 1..]),
        None => id.rsplit_once('/')?,
    };
    let is_arn = balancer.starts_with("arn:");
    Some(AutoscalingAttachment {
        autoscaling_group_name: Id::new(group),
        elb: (!is_arn).then(|| Id::new(balancer)),
        lb_target_group_arn: is_arn.then(|| Id::new(balancer)),
    })
}

//! The calls for members of a project's roles.

use landform_core::Id;

use super::{ProjectIamMember, ProjectIamMemberAttributes};
use crate::client::{
    policy::{Guarded, edit, members, policy, same_member, split},
    prelude::*,
};

#[async_trait]
impl Calls<Client> for ProjectIamMember {
    /// A member that is there already is added again without effect.
    const REPEATED: Repeated = Repeated::IsRecognised;
    /// One read of a policy shows all its members.
    const PAGE: usize = 500;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|wanted| wanted.identity().into());
        let parts = ids.iter().map(|id| split(id)).collect::<Result<Vec<_>>>()?;
        let mut projects: Vec<&str> = parts.iter().map(|(project, ..)| *project).collect();
        projects.sort_unstable();
        projects.dedup();
        let found = landform_kit::each(projects, async |project| {
            let policy = policy(client, Guarded::Project(project)).await?;
            let mine = parts.iter().filter(|(of, ..)| *of == project);
            let there = mine.filter(|(_, role, member)| {
                members(&policy, role).iter().any(|known| same_member(known, member))
            });
            Ok(Some(there.map(|(project, role, member)| seen(project, role, member)).collect::<Vec<_>>()))
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let add = |members: &mut Vec<String>| {
            if !members.iter().any(|known| same_member(known, &self.member)) {
                members.push(self.member.clone());
            }
        };
        edit(client, Guarded::Project(&self.project), &self.role, add).await?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, _: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (project, role, member) = split(prior.id())?;
        let remove = |members: &mut Vec<String>| members.retain(|known| !same_member(known, member));
        edit(client, Guarded::Project(project), role, remove).await?;
        Ok(Next::Done)
    }
}

impl ProjectIamMember {
    fn identity(&self) -> String {
        format!("{} {} {}", self.project, self.role, self.member)
    }
}

fn seen(project: &str, role: &str, member: &str) -> Seen<ProjectIamMember> {
    let arguments =
        ProjectIamMember { project: project.to_owned(), role: role.to_owned(), member: member.to_owned() };
    let id = Id::new(arguments.identity());
    Seen::new(arguments, ProjectIamMemberAttributes { id })
}

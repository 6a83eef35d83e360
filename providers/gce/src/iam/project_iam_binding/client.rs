//! The calls for all members of a project's role.

use landform_core::Id;

use super::{ProjectIamBinding, ProjectIamBindingAttributes};
use crate::client::{
    policy::{Guarded, edit, members, policy},
    prelude::*,
};

#[async_trait]
impl Calls<Client> for ProjectIamBinding {
    /// The same members are set again without effect.
    const REPEATED: Repeated = Repeated::IsRecognised;
    /// One read of a policy shows all its roles.
    const PAGE: usize = 500;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|wanted| wanted.identity().into());
        let parts = ids.iter().map(|id| split(id)).collect::<Result<Vec<_>>>()?;
        let mut projects: Vec<&str> = parts.iter().map(|(project, _)| *project).collect();
        projects.sort_unstable();
        projects.dedup();
        let found = landform_kit::each(projects, async |project| {
            let policy = policy(client, Guarded::Project(project)).await?;
            let mine = parts.iter().filter(|(of, _)| *of == project);
            let there = mine.filter_map(|(project, role)| {
                let members = members(&policy, role);
                (!members.is_empty()).then(|| seen(project, role, members))
            });
            Ok(Some(there.collect::<Vec<_>>()))
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        self.set(client).await?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        self.set(client).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (project, role) = split(prior.id())?;
        edit(client, Guarded::Project(project), role, Vec::clear).await?;
        Ok(Next::Done)
    }
}

impl ProjectIamBinding {
    fn identity(&self) -> String {
        format!("{} {}", self.project, self.role)
    }

    async fn set(&self, client: &Client) -> Result<()> {
        let all = |members: &mut Vec<String>| *members = self.members.iter().cloned().collect();
        edit(client, Guarded::Project(&self.project), &self.role, all).await
    }
}

/// The project and the role in an id.
fn split(id: &str) -> Result<(&str, &str)> {
    id.split_once(' ').ok_or_else(|| {
        let message = format!("invalid id {id:?}: expected a project and a role, separated by a space");
        Error::new(ErrorKind::Invalid, message)
    })
}

fn seen(project: &str, role: &str, members: Vec<String>) -> Seen<ProjectIamBinding> {
    let arguments = ProjectIamBinding {
        project: project.to_owned(),
        role: role.to_owned(),
        members: members.into_iter().collect(),
    };
    let id = Id::new(arguments.identity());
    Seen::new(arguments, ProjectIamBindingAttributes { id })
}

//! Reads a project.

use landform_core::{DataSource, ErrorKind, Id, Result};
use landform_kit::{
    async_trait,
    rest::{Method, declared},
    senseless,
};
use serde_json::Value as Json;

use super::{Project, ProjectAttributes};
use crate::client::{Client, service::Service};

#[async_trait]
impl DataSource<Project> for Client {
    async fn read(&self, asked: &Project) -> Result<ProjectAttributes> {
        let project = asked.project_id.as_deref().unwrap_or(self.project());
        let url = self.url_at(Service::Projects, ["projects", project]);
        let answer = self.ask(Method::GET, url, &[], None, ErrorKind::Conflict).await?;
        let text = |field: &str| {
            let text = answer[field].as_str().map(str::to_owned);
            text.ok_or_else(|| senseless(format!("the project has no {field}")))
        };
        let labels = match &answer["labels"] {
            Json::Null => Default::default(),
            labels => declared(labels)?,
        };
        let id = Id::new(format!("projects/{}", text("projectId")?));
        Ok(ProjectAttributes { id, number: text("projectNumber")?, name: text("name")?, labels })
    }
}

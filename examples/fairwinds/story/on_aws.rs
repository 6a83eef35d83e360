//! The story of AWS: a VPC, two clusters that share its NAT gateways, and 30 nodes instead of 3.

use landform::{view::Detail, vpc::BaseNetwork};

use super::{SIZE, Story, changes_of, expect};
use crate::{
    Failure,
    project::{Project, beforehand},
};

const WORKING: &str = include_str!("../working.yml");
const PRODUCTION: &str = include_str!("../production.yml");

impl Story {
    /// Tells it. The hosted zone and the bucket exist before.
    pub(super) async fn on_aws(&mut self) -> Result<(), Failure> {
        let before = beforehand().into_iter().filter(|(type_name, ..)| type_name.starts_with("aws_"));
        for (type_name, id, arguments) in before {
            if let Some(cloud) = &self.cloud {
                cloud.seed(type_name, id, arguments)?;
            }
        }
        let network = BaseNetwork::default();
        let working = self.spec("working.yml", WORKING)?;
        let production = self.spec("production.yml", PRODUCTION)?;

        let first = Project::with_clusters(&network, vec![working.clone()])?;
        let plan = self.plan("plan a three-zone VPC and a cluster in it", &first, Detail::Summary).await?;
        self.apply("apply", &plan).await?;
        let plan = self.plan("plan again", &first, Detail::Full).await?;
        expect(plan.is_empty(), "a plan right after its apply has no changes")?;

        let both = Project::with_clusters(&network, vec![working, production.clone()])?;
        let plan = self.plan("plan a second cluster in the same VPC", &both, Detail::Summary).await?;
        expect(changes_of(&plan, "aws_nat_gateway") == 0, "a second cluster adds no NAT gateway")?;
        self.say("  It adds no NAT gateway: it shares the VPC's.\n");
        self.apply("apply", &plan).await?;

        let grown = self.spec("working.yml", &WORKING.replace(SIZE.0, SIZE.1))?;
        self.say(&format!("  One line of working.yml changes: {:?} becomes {:?}.\n", SIZE.0, SIZE.1));
        let grown = Project::with_clusters(&network, vec![grown, production.clone()])?;
        let plan = self.plan("plan 30 nodes instead of 3", &grown, Detail::Full).await?;
        let counts = plan.counts();
        expect(plan.changes.len() == 1 && counts.changed == 1, "growing is one update in place")?;
        self.apply("apply", &plan).await?;

        self.validate(&grown).await?;

        let rest = Project::with_clusters(&network, vec![production])?;
        let plan = self.plan("plan the deletion of the first cluster", &rest, Detail::Summary).await?;
        let spared =
            ["aws_nat_gateway", "aws_vpc", "aws_eip"].into_iter().all(|name| changes_of(&plan, name) == 0);
        expect(spared, "deleting a cluster does not touch the VPC and its NAT gateways")?;
        self.say("  The VPC, its NAT gateways and the second cluster stay.\n");
        self.apply("apply", &plan).await?;

        let plan = self.destroy(&rest).await?;
        self.apply("destroy", &plan).await?;
        let before = beforehand().map(|(_, id, _)| id);
        let said = "Only the hosted zone and the bucket are left, which existed before.";
        self.nothing_left(&before, said).await
    }
}

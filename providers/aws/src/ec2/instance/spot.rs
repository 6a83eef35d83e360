//! The market of an instance: declared, and as EC2 shows it. The options of a spot instance are those of its spot request.

use std::collections::HashMap;

use aws_sdk_ec2::{
    primitives::{DateTime, DateTimeFormat},
    types::{
        Instance as Sdk, InstanceLifecycleType as Lifecycle, InstanceMarketOptionsRequest,
        SpotInstanceRequest, SpotMarketOptions,
    },
};

use super::{InstanceMarket, InstanceSpot, MarketType, SpotInterruption, SpotRequestType};
use crate::{
    client::prelude::*,
    ec2::client::{PAGE, filter},
};

words!(MarketType);
words!(SpotInterruption);
words!(SpotRequestType);

/// The market options of a request.
///
/// # Errors
/// Invalid if the end of the request is not a time.
pub(super) fn request(market: &InstanceMarket) -> Result<InstanceMarketOptionsRequest> {
    let spot = market.spot_options.as_ref().map(|spot| -> Result<SpotMarketOptions> {
        let until = spot.valid_until.as_deref().map(|until| {
            DateTime::from_str(until, DateTimeFormat::DateTime).map_err(|error| {
                let message = format!("{until:?} is not a time: {error}");
                Error::new(ErrorKind::Invalid, message).at("instance_market_options.spot_options.valid_until")
            })
        });
        Ok(SpotMarketOptions::builder()
            .set_instance_interruption_behavior(spot.instance_interruption_behavior.wire())
            .set_max_price(spot.max_price.wire())
            .set_spot_instance_type(spot.spot_instance_type.wire())
            .set_valid_until(until.transpose()?)
            .build())
    });
    let request = InstanceMarketOptionsRequest::builder().set_market_type(market.market_type.wire());
    Ok(request.set_spot_options(spot.transpose()?).build())
}

/// The spot requests of these instances with their owners, by the ids of the requests. Asks nothing if no instance has one.
pub(super) async fn requests(
    client: &Client,
    instances: &[(String, Sdk)],
) -> Result<HashMap<String, SpotInstanceRequest>> {
    let ids: Vec<&str> = instances.iter().filter_map(|(_, one)| one.spot_instance_request_id()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    // By a filter, because a request that does not exist any more is an error otherwise.
    let found = each(ids.chunks(PAGE), async |ids| {
        let ids = filter("spot-instance-request-id", ids.iter().copied());
        let call = client.ec2.describe_spot_instance_requests().filters(ids);
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        Ok(Some(found))
    });
    let by_id = found
        .await?
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one.spot_instance_request_id.clone()?, one)));
    Ok(by_id.collect())
}

/// The market of an instance. `None` if it is on demand.
pub(super) fn market(
    instance: &Sdk,
    requests: &HashMap<String, SpotInstanceRequest>,
) -> Result<Option<InstanceMarket>> {
    let market_type = match instance.instance_lifecycle() {
        Some(Lifecycle::Spot) => MarketType::Spot,
        Some(Lifecycle::CapacityBlock) => MarketType::CapacityBlock,
        _ => return Ok(None),
    };
    let request = instance.spot_instance_request_id().and_then(|id| requests.get(id)).cloned();
    let spot_options = match request {
        None => None,
        Some(request) => Some(InstanceSpot {
            instance_interruption_behavior: read(
                request.instance_interruption_behavior,
                "instance_interruption_behavior",
            )?,
            max_price: read(request.spot_price, "spot_price")?,
            spot_instance_type: read(request.r#type, "type")?,
            valid_until: request.valid_until.and_then(|until| until.fmt(DateTimeFormat::DateTime).ok()),
        }),
    };
    Ok(Some(InstanceMarket { market_type, spot_options }))
}

/// Cancels the spot request of an instance, or EC2 would start another instance for a persistent request.
pub(super) async fn cancel(client: &Client, request: &str) -> Result<()> {
    let call = client.ec2.cancel_spot_instance_requests().spot_instance_request_ids(request);
    match call.send().await.map_err(failed) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome.map(drop),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use landform_core::{Call, Manage, Progress};
    use serde_json::json;

    use super::super::{Instance, InstanceAttributes};
    use crate::client::{Client, pages::server_by, prelude::*};

    const ID: &str = "i-0123456789abcdef0";

    fn response(operation: &str, body: &str) -> (u16, String) {
        (200, format!("<{operation}Response>{body}</{operation}Response>"))
    }

    fn answer(body: &str) -> (u16, String) {
        let operation = body.split(['=', '&']).nth(1).unwrap().to_owned();
        let shown = match operation.as_str() {
            "RunInstances" => {
                format!("<instancesSet><item><instanceId>{ID}</instanceId></item></instancesSet>")
            }
            "DescribeInstances" if body.contains("instance-id") => format!(
                "<reservationSet><item><ownerId>1</ownerId><instancesSet><item><instanceId>{ID}</instanceId>\
                 <imageId>ami-1</imageId><instanceType>t3.micro</instanceType><instanceLifecycle>spot</instanceLifecycle><spotInstanceRequestId>sir-1</spotInstanceRequestId>\
                 <instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item>\
                 </reservationSet>"
            ),
            "DescribeSpotInstanceRequests" => "<spotInstanceRequestSet><item><type>persistent</type>\
                <spotInstanceRequestId>sir-1</spotInstanceRequestId><spotPrice>0.010000</spotPrice>\
                <instanceInterruptionBehavior>stop</instanceInterruptionBehavior>\
                <validUntil>2030-01-31T12:00:00.000Z</validUntil></item></spotInstanceRequestSet>"
                .to_owned(),
            _ => String::new(),
        };
        response(&operation, &shown)
    }

    fn spot() -> Instance {
        serde_json::from_value(json!({
            "ami": "ami-1", "instance_type": "t3.micro",
            "instance_market_options": { "market_type": "spot", "spot_options": {
                "instance_interruption_behavior": "stop", "max_price": "0.01", "spot_instance_type": "persistent",
                "valid_until": "2030-01-31T12:00:00Z",
            } },
            "network_interface": [
                { "device_index": 0, "network_interface_id": "eni-1" },
                { "device_index": 1, "network_interface_id": "eni-2", "network_card_index": 1 },
            ],
        }))
        .unwrap()
    }

    #[tokio::test]
    async fn a_spot_instance_with_existing_interfaces_is_asked_for_as_declared() {
        // A look for the attempt, the request, and a look that shows the instance: its disks, its spot request and four
        // settings.
        let (url, asked) = server_by(9, answer);
        let kit = Client::emulator(&url, "us-east-2").await.unwrap().kit();
        let (address, token) = ("aws_instance.a".parse().unwrap(), "t-1".parse().unwrap());
        let call = Call::new(&address, &token);
        let mut progress = kit.create(call, &spot()).await.unwrap();
        if let Progress::Pending(ticket) = progress {
            progress = kit.resume(call, &ticket, &spot()).await.unwrap();
        }
        let Progress::Exists(made) = progress else { panic!("{progress:?}") };
        assert_eq!(made.attributes.spot_instance_request_id.as_deref(), Some("sir-1"));
        assert_eq!(made.attributes.instance_lifecycle.as_deref(), Some("spot"));
        let shown = serde_json::to_value(made.arguments.instance_market_options).unwrap();
        assert_eq!(
            shown,
            json!({ "market_type": "spot", "spot_options": {
                "instance_interruption_behavior": "stop", "max_price": "0.010000", "spot_instance_type": "persistent",
                "valid_until": "2030-01-31T12:00:00Z",
            } })
        );
        let asked = asked.join().unwrap();
        let run = asked.iter().find(|body| body.starts_with("Action=RunInstances")).unwrap();
        for part in [
            "InstanceMarketOptions.MarketType=spot",
            "InstanceMarketOptions.SpotOptions.MaxPrice=0.01&",
            "InstanceMarketOptions.SpotOptions.SpotInstanceType=persistent",
            "InstanceMarketOptions.SpotOptions.ValidUntil=2030-01-31T12%3A00%3A00Z",
            "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior=stop",
            "NetworkInterface.1.DeviceIndex=0&",
            "NetworkInterface.1.NetworkInterfaceId=eni-1",
            "NetworkInterface.2.NetworkCardIndex=1",
            "NetworkInterface.2.DeleteOnTermination=false",
        ] {
            assert!(run.contains(part), "{part} is missing in {run}");
        }
        assert!(!run.contains("SubnetId") && !run.contains("SecurityGroup"), "{run}");
    }

    #[tokio::test]
    async fn the_request_of_a_spot_instance_is_cancelled_before_the_instance_is_terminated() {
        let (url, asked) = server_by(2, answer);
        let kit = Client::emulator(&url, "us-east-2").await.unwrap().kit();
        let attributes: InstanceAttributes = serde_json::from_value(json!({
            "id": ID, "arn": "arn", "instance_state": "running", "private_dns": "a", "spot_instance_request_id": "sir-1",
        }))
        .unwrap();
        let prior = Observed { arguments: spot(), attributes };
        let (address, token) = ("aws_instance.a".parse().unwrap(), "t-1".parse().unwrap());
        let progress = kit.delete(Call::new(&address, &token), &prior).await.unwrap();
        assert!(matches!(progress, Progress::Pending(_)), "{progress:?}");
        let asked = asked.join().unwrap();
        assert!(
            asked[0].starts_with("Action=CancelSpotInstanceRequests") && asked[0].contains("sir-1"),
            "{asked:?}"
        );
        assert!(asked[1].starts_with("Action=TerminateInstances"), "{asked:?}");
    }
}

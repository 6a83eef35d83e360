"""Starts moto with repairs where it differs from AWS.

- S3: moto lets other threads run between the check for an object and its PUT, so two `If-None-Match` could both succeed,
  which S3 prevents. Here one PUT runs at a time. The answer about a bucket's versioning gets S3's name, so that SDKs that
  check the name can read it.
- DHCP options keep the tags of their creation, and launch templates keep later tags. Groups start machines from later
  versions of a launch template, too, if these have user data, and show the version that each machine was started from.
- EC2 has placement groups and monitors instances. New user data of an instance is base64 once, not twice. The state of a
  subnet's IPv6 range is not written as Python text. A change of only the shutdown behavior keeps the security groups of an
  instance. A subnet keeps its type of host names and its DNS64.
- A lifecycle hook keeps its target and its role.
"""

import random
import sys
import threading

from moto.autoscaling.models import InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.types import Base64EncodedString
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response, instances
from moto.ec2.responses.dhcp_options import DHCPOptions
from moto.ec2.responses.subnets import Subnets
from moto.s3.responses import S3Response
from moto.server import main

put, turn = S3Response.put_object, threading.Lock()


def put_in_turn(self):
    with turn:
        return put(self)


def get_versioning(self):
    status = self.backend.get_bucket_versioning(self.bucket_name)
    inner = "<Status>" + status + "</Status>" if status else ""
    space = "http://s3.amazonaws.com/doc/2006-03-01/"
    return 200, {}, '<VersioningConfiguration xmlns="' + space + '">' + inner + "</VersioningConfiguration>"


S3Response.put_object = put_in_turn
S3Response.get_bucket_versioning = get_versioning

make_options = DHCPOptions.create_dhcp_options


def make_tagged(self):
    tags = self._parse_tag_specification().get("dhcp-options", {})
    before = set(self.ec2_backend.dhcp_options_sets)
    answer = make_options(self)
    for id in set(self.ec2_backend.dhcp_options_sets) - before:
        self.ec2_backend.dhcp_options_sets[id].add_tags(tags)
    return answer


DHCPOptions.create_dhcp_options = make_tagged
LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, tags: None)


def template_user_data(self):
    value = self.data.get("UserData")
    return Base64EncodedString(value) if isinstance(value, str) else value


LaunchTemplateVersion.user_data = property(template_user_data)

make_state = InstanceState.__init__


def make_state_of_version(self, *args, **kwargs):
    make_state(self, *args, **kwargs)
    group = self.auto_scaling_group
    template = group.ec2_launch_template
    self.version = template and template.get_version(group.launch_template_version).number


def template_of_state(self):
    template = self.auto_scaling_group and self.auto_scaling_group.ec2_launch_template
    if template is None:
        return None
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": str(self.version)}


InstanceState.__init__ = make_state_of_version
InstanceState.launch_template = property(template_of_state)

utils.EC2_RESOURCE_TO_PREFIX["placement-group"] = "pg"
utils.EC2_PREFIX_TO_RESOURCE["pg"] = "placement-group"


def groups_of(response):
    backend = response.ec2_backend
    if not hasattr(backend, "placement_groups"):
        backend.placement_groups = {}
    return backend.placement_groups


def shown(response, group):
    tags = response.ec2_backend.describe_tags(filters={"resource-id": [group["GroupId"]]})
    return group | {"Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in tags]}


def create_placement_group(self):
    name, strategy = self._get_param("GroupName"), self._get_param("Strategy", "cluster")
    if name in groups_of(self):
        raise EC2ClientError("InvalidPlacementGroup.Duplicate", f"The placement group '{name}' already exists.")
    id = "pg-" + "".join(random.choice("0123456789abcdef") for _ in range(17))
    arn = f"arn:aws:ec2:{self.region}:{self.current_account}:placement-group/{name}"
    group = {"GroupName": name, "GroupId": id, "GroupArn": arn, "State": "available", "Strategy": strategy}
    if strategy == "partition":
        group["PartitionCount"] = self._get_int_param("PartitionCount", 2)
    if strategy == "spread":
        group["SpreadLevel"] = self._get_param("SpreadLevel", "rack")
    groups_of(self)[name] = group
    tags = self._parse_tag_specification("placement-group").get("placement-group", {})
    self.ec2_backend.create_tags([id], tags)
    return ActionResult({"PlacementGroup": shown(self, group)})


def describe_placement_groups(self):
    names, ids = self._get_param("GroupNames", []), self._get_param("GroupIds", [])
    filters = self._filters_from_querystring()
    unknown = [name for name in names if name not in groups_of(self)]
    if unknown:
        raise EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{unknown[0]}' is unknown.")
    found = [
        group
        for group in groups_of(self).values()
        if (not names or group["GroupName"] in names)
        and (not ids or group["GroupId"] in ids)
        and group["GroupName"] in filters.get("group-name", [group["GroupName"]])
        and group["GroupId"] in filters.get("group-id", [group["GroupId"]])
    ]
    return ActionResult({"PlacementGroups": [shown(self, group) for group in found]})


def delete_placement_group(self):
    name = self._get_param("GroupName")
    if groups_of(self).pop(name, None) is None:
        raise EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    return EmptyResult()


def monitored(state):
    def act(self):
        for id in self._get_param("InstanceIds", []):
            self.ec2_backend.get_instance(id).monitoring_state = state
        return ActionResult({"InstanceMonitorings": []})

    return act


parse_user_data = instances.parse_user_data


def parse_once(value):
    return Base64EncodedString.from_raw_bytes(value) if isinstance(value, bytes) else parse_user_data(value)


instances.parse_user_data = parse_once
EC2Response.create_placement_group = create_placement_group
EC2Response.describe_placement_groups = describe_placement_groups
EC2Response.delete_placement_group = delete_placement_group
EC2Response.monitor_instances = monitored("enabled")
EC2Response.unmonitor_instances = monitored("disabled")


def ranges_of(subnet):
    ranges = subnet.ipv6_cidr_block_associations.values()
    return [one for one in ranges if one["ipv6CidrBlockState"]["State"] == "associated"]


modify_by_value = instances.InstanceResponse._dot_value_instance_attribute_handler


def modify(self):
    shutdown = self._get_param("InstanceInitiatedShutdownBehavior.Value")
    if shutdown is None:
        return modify_by_value(self)
    self.error_on_dryrun()
    name = "instance_initiated_shutdown_behavior"
    self.ec2_backend.modify_instance_attribute(self._get_param("InstanceId"), name, shutdown)
    return True


instances.InstanceResponse._dot_value_instance_attribute_handler = modify
put_hook = AutoScalingResponse.put_lifecycle_hook


def put_whole_hook(self):
    answer = put_hook(self)
    name = self._get_param("LifecycleHookName")
    [hook] = self.autoscaling_backend.describe_lifecycle_hooks(self._get_param("AutoScalingGroupName"), [name])
    hook.notification_target_arn = self._get_param("NotificationTargetARN")
    hook.notification_metadata = self._get_param("NotificationMetadata")
    hook.role_arn = self._get_param("RoleARN")
    return answer


AutoScalingResponse.put_lifecycle_hook = put_whole_hook
modify_subnet = Subnets.modify_subnet_attribute


def modify_names(self):
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    names = subnet.private_dns_name_options_on_launch
    kind = self._get_param("PrivateDnsHostnameTypeOnLaunch")
    records = self._get_param("EnableResourceNameDnsAAAARecordOnLaunch.Value")
    translates = self._get_param("EnableDns64.Value")
    if kind is not None:
        names["HostnameType"] = kind
    if records is not None:
        names["EnableResourceNameDnsAAAARecord"] = records
    if translates is not None:
        subnet.enable_dns64 = translates
    return modify_subnet(self)


Subnets.modify_subnet_attribute = modify_names
Subnet.ipv6_cidr_block_association_set = property(ranges_of)

main(sys.argv[1:])

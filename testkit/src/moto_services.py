"""Repairs of moto's load balancers and groups: they keep options that moto ignores.

- Load balancers keep pools, reserved capacity and the switches of network load balancers. Listeners keep mutual
  authentication, rules keep transforms and regular expressions. No answer shows the secret of a client.
- Groups of logs keep their protection, and refuse their deletion. Records keep geoproximity.
- Groups keep the options of their creation and of later updates, and make the lifecycle hooks of their creation.
"""

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer, FakeTargetGroup
from moto.elbv2.responses import ELBV2Response
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse
from moto.route53.models import RecordSet


def keep(object, params, names):
    for name in names:
        if name in params:
            setattr(object, camelcase_to_underscores(name), params[name])


def keeping(response, operation, names, objects):
    """Lets an operation keep parameters in the objects that it is about."""
    act = getattr(response, operation)

    def keeps(self):
        answer = act(self)
        params = self._get_params()
        for object in objects(self, params):
            keep(object, params, names)
        return answer

    setattr(response, operation, keeps)


FakeLoadBalancer.VALID_ATTRS |= {"health_check_logs.s3.bucket", "health_check_logs.s3.prefix"}
NAT = "EnablePrefixForIpv6SourceNat"
PRIVATE_LINK = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"


def balancer_of(self, params):
    balancers = self.elbv2_backend.load_balancers
    arn, name = params.get("LoadBalancerArn"), params.get("Name")
    return [one for one in balancers.values() if one.arn == arn or one.name == name]


def group_of(self, params):
    return [one for one in self.elbv2_backend.target_groups.values() if one.name == params["Name"]]


def listener_of(self, params):
    for balancer in self.elbv2_backend.load_balancers.values():
        for listener in balancer.listeners.values():
            new = listener.load_balancer_arn == params.get("LoadBalancerArn") and str(listener.port) == str(params.get("Port"))
            if new or listener.arn == params.get("ListenerArn"):
                yield listener


def rule_of(self, params):
    for balancer in self.elbv2_backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                new = listener.arn == params.get("ListenerArn") and str(rule.priority) == str(params.get("Priority"))
                if new or rule.arn == params.get("RuleArn"):
                    if params.get("ResetTransforms") in (True, "true"):
                        rule.transforms = []
                    yield rule


keeping(ELBV2Response, "create_load_balancer", ["IpamPools", "CustomerOwnedIpv4Pool", NAT], balancer_of)
keeping(ELBV2Response, "set_subnets", [NAT], balancer_of)
keeping(ELBV2Response, "set_security_groups", [PRIVATE_LINK], balancer_of)
keeping(ELBV2Response, "create_target_group", ["TargetControlPort"], group_of)
keeping(ELBV2Response, "create_listener", ["MutualAuthentication"], listener_of)
keeping(ELBV2Response, "modify_listener", ["MutualAuthentication"], listener_of)
keeping(ELBV2Response, "create_rule", ["Transforms"], rule_of)
keeping(ELBV2Response, "modify_rule", ["Transforms"], rule_of)


def modify_ip_pools(self):
    [balancer] = balancer_of(self, self._get_params())
    balancer.ipam_pools = self._get_params().get("IpamPools")
    return ActionResult({"IpamPools": balancer.ipam_pools or {}})


def modify_capacity_reservation(self):
    [balancer] = balancer_of(self, self._get_params())
    balancer.minimum_capacity = self._get_params().get("MinimumLoadBalancerCapacity")
    return describe_capacity_reservation(self)


def describe_capacity_reservation(self):
    [balancer] = balancer_of(self, self._get_params())
    capacity = getattr(balancer, "minimum_capacity", None)
    answer = {"CapacityReservationState": [{"State": {"Code": "provisioned"}}]}
    return ActionResult(answer | ({"MinimumLoadBalancerCapacity": capacity} if capacity else {}))


ELBV2Response.modify_ip_pools = modify_ip_pools
ELBV2Response.modify_capacity_reservation = modify_capacity_reservation
ELBV2Response.describe_capacity_reservation = describe_capacity_reservation
certificate_exists = ELBv2Backend._certificate_exists
ELBv2Backend._certificate_exists = lambda self, certificate_arn: certificate_arn.endswith(
    ":server-certificate/of-tests"
) or certificate_exists(self, certificate_arn)
validate_conditions, validate_actions = ELBv2Backend._validate_conditions, ELBv2Backend._validate_actions


def validate_patterns(self, conditions):
    def plain(config):
        return {"Values": config.get("RegexValues", [])} | config if isinstance(config, dict) else config

    validate_conditions(self, [{key: plain(one) for key, one in condition.items()} for condition in conditions])


def validate_all_actions(self, actions):
    for action in actions:
        action.data.get("AuthenticateOidcConfig", {}).pop("ClientSecret", None)
    validate_actions(self, [action for action in actions if action.type != "jwt-validation"])


ELBv2Backend._validate_conditions = validate_patterns
ELBv2Backend._validate_actions = validate_all_actions


GROUP = [
    "AvailabilityZoneDistribution",
    "CapacityReservationSpecification",
    "Context",
    "DesiredCapacityType",
    "InstanceMaintenancePolicy",
    "PlacementGroup",
]


def scaling_group_of(self, params):
    group = self.autoscaling_backend.autoscaling_groups[params["AutoScalingGroupName"]]
    limits = params.get("InstanceMaintenancePolicy", {})
    if str(limits.get("MinHealthyPercentage")) == "-1":
        params["InstanceMaintenancePolicy"] = None
    if "PlacementGroup" in params:
        params["PlacementGroup"] = params["PlacementGroup"] or None
    return [group]


keeping(AutoScalingResponse, "create_auto_scaling_group", GROUP + ["TrafficSources"], scaling_group_of)
keeping(AutoScalingResponse, "update_auto_scaling_group", GROUP, scaling_group_of)
make_group = AutoScalingResponse.create_auto_scaling_group


def make_group_with_hooks(self):
    answer = make_group(self)
    for hook in self._get_params().get("LifecycleHookSpecificationList", []):
        self.autoscaling_backend.create_lifecycle_hook(
            name=hook["LifecycleHookName"],
            as_name=self._get_param("AutoScalingGroupName"),
            transition=hook["LifecycleTransition"],
            timeout=int(hook.get("HeartbeatTimeout", 3600)),
            result=hook.get("DefaultResult", "ABANDON"),
        )
    return answer


def attach_traffic_sources(self):
    [group] = scaling_group_of(self, self._get_params())
    group.traffic_sources = getattr(group, "traffic_sources", []) + self._get_params()["TrafficSources"]
    return EmptyResult()


def detach_traffic_sources(self):
    [group] = scaling_group_of(self, self._get_params())
    gone = self._get_params()["TrafficSources"]
    group.traffic_sources = [one for one in group.traffic_sources if one not in gone]
    return EmptyResult()


def pool_of(self, params):
    return [scaling_group_of(self, params)[0].warm_pool]


AutoScalingResponse.create_auto_scaling_group = make_group_with_hooks
AutoScalingResponse.attach_traffic_sources = attach_traffic_sources
AutoScalingResponse.detach_traffic_sources = detach_traffic_sources
keeping(AutoScalingResponse, "put_warm_pool", ["InstanceReusePolicy"], pool_of)

make_logs, delete_logs = LogsResponse.create_log_group, LogsResponse.delete_log_group
describe_logs, make_record = LogGroup.to_describe_dict, RecordSet.__init__


def create_protected(self):
    answer = make_logs(self)
    group = self.logs_backend.groups[self._get_param("logGroupName")]
    group.protected = bool(self._get_param("deletionProtectionEnabled"))
    return answer


def put_log_group_deletion_protection(self):
    group = self.logs_backend.groups[self._get_param("logGroupIdentifier")]
    group.protected = bool(self._get_param("deletionProtectionEnabled"))
    return "{}"


def delete_unprotected(self):
    name = self._get_param("logGroupName")
    group = self.logs_backend.groups.get(name)
    if group is not None and getattr(group, "protected", False):
        raise InvalidParameterException(msg="Deletion protection is enabled", constraint="", parameter="", value=name)
    return delete_logs(self)


def make_near(self, kwargs):
    make_record(self, kwargs)
    self.geo_proximity_location = kwargs.get("GeoProximityLocation")


LogsResponse.create_log_group = create_protected
LogsResponse.put_log_group_deletion_protection = put_log_group_deletion_protection
LogsResponse.delete_log_group = delete_unprotected
LogGroup.to_describe_dict = lambda self: describe_logs(self) | {"deletionProtectionEnabled": getattr(self, "protected", False)}
RecordSet.__init__ = make_near

//! Options of EC2's instances that the emulator ignores: cores, enclaves, capacity reservations, maintenance, host names
//! and partitions. The proxy keeps them, shows them in each answer about the instance, and answers the calls that change
//! them. Follows the API reference of EC2.

use std::collections::BTreeMap;

use super::{Answer, Call, Rules};

/// The options of an instance: a path of elements in the answer, such as `cpuOptions.coreCount`, and its text.
pub(super) type Options = BTreeMap<String, String>;

/// The sections of the request and of the answer.
const SECTIONS: [&str; 6] = [
    "CpuOptions.",
    "EnclaveOptions.",
    "CapacityReservationSpecification.",
    "MaintenanceOptions.",
    "PrivateDnsNameOptions.",
    "Placement.",
];

/// What EC2 shows for an instance whose request says nothing.
const USUAL: [(&str, &str); 6] = [
    ("cpuOptions.coreCount", "1"),
    ("cpuOptions.threadsPerCore", "2"),
    ("enclaveOptions.enabled", "false"),
    (PREFERENCE, "open"),
    ("maintenanceOptions.autoRecovery", "default"),
    (KIND, "ip-name"),
];
const PREFERENCE: &str = "capacityReservationSpecification.capacityReservationPreference";
const KIND: &str = "privateDnsNameOptions.hostnameType";

impl Rules {
    /// The answer to a call that changes options.
    pub(super) fn tuning(&self, call: &Call) -> Option<Answer> {
        let section = match call.operation.as_str() {
            "ModifyInstanceCpuOptions" => "cpuOptions.",
            "ModifyInstanceCapacityReservationAttributes" => "",
            "ModifyInstanceMaintenanceOptions" => "maintenanceOptions.",
            "ModifyPrivateDnsNameOptions" => "privateDnsNameOptions.",
            _ => return None,
        };
        let id = call.fields.get("InstanceId").map_or("", String::as_str);
        let said: Options = call
            .fields
            .iter()
            .filter(|(field, _)| !["Action", "Version", "InstanceId"].contains(&field.as_str()))
            .map(|(field, text)| (format!("{section}{}", element(field)), text.clone()))
            .map(|(path, text)| (path.replace(".privateDnsHostnameType", ".hostnameType"), text))
            .collect();
        let Some(there) = self.state().options.get(id).cloned() else {
            let message = format!("The instance ID '{id}' does not exist");
            return Some(call.refused(400, "InvalidInstanceID.NotFound", &message));
        };
        let renames = said.get(KIND).is_some_and(|kind| there.get(KIND) != Some(kind));
        let stops = section.is_empty() || section == "cpuOptions." || renames;
        if stops && !self.is_stopped(call, id) {
            let message = format!("The instance '{id}' is not in the 'stopped' state.");
            return Some(call.refused(400, "IncorrectInstanceState", &message));
        }
        if let Some(options) = self.state().options.get_mut(id) {
            // A reservation takes the place of the old one.
            options.retain(|path, _| !section.is_empty() || !path.starts_with("capacityReservation"));
            options.extend(said);
        }
        let operation = &call.operation;
        let body = format!(
            "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>strict</requestId>\
             <instanceId>{id}</instanceId><return>true</return></{operation}Response>"
        );
        Some(Answer::xml(body))
    }

    /// Adds the options to an answer that shows instances.
    pub(super) fn tuned(&self, call: &Call, answer: Answer) -> Answer {
        if answer.status != 200 || !["RunInstances", "DescribeInstances"].contains(&call.operation.as_str()) {
            return answer;
        }
        let mut text = answer.text();
        if call.operation == "RunInstances" {
            let said =
                call.fields.iter().filter(|(field, _)| SECTIONS.iter().any(|it| field.starts_with(it)));
            let said: Options = said.map(|(field, text)| (element(field), text.clone())).collect();
            let mut options: Options =
                USUAL.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
            if said.keys().any(|path| path.starts_with("capacityReservation")) {
                options.remove(PREFERENCE);
            }
            options.extend(said);
            let ids = text.split("<instanceId>").skip(1).filter_map(|rest| rest.split('<').next());
            let all = ids.map(|id| (id.to_owned(), options.clone())).collect::<Vec<_>>();
            self.state().options.extend(all);
        }
        for (id, options) in &self.state().options {
            let start = format!("<instanceId>{id}</instanceId>");
            let Some(place) = text.find(&start).map(|place| place + start.len()) else { continue };
            let (placement, others): (Vec<_>, Vec<_>) =
                options.iter().partition(|(path, _)| path.starts_with("placement."));
            let partition = placement.into_iter().filter(|(path, _)| path.ends_with("partitionNumber"));
            let shown: String =
                partition.map(|(_, text)| format!("<partitionNumber>{text}</partitionNumber>")).collect();
            if let Some(inside) = text[place..].find("<placement>") {
                text.insert_str(place + inside + "<placement>".len(), &shown);
            }
            text.insert_str(place, &elements(&others, 0));
        }
        answer.with(text)
    }

    fn is_stopped(&self, call: &Call, id: &str) -> bool {
        let fields = [("Action", "DescribeInstances"), ("Version", "2016-11-15"), ("InstanceId.1", id)];
        self.asked(call, &fields).contains("<name>stopped</name>")
    }
}

/// The elements of an answer for a field of a request: each starts with a small letter.
fn element(field: &str) -> String {
    let parts = field.split('.').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect::<Vec<_>>().join(".")
}

/// XML of sorted paths, from a depth on.
fn elements(options: &[(&String, &String)], depth: usize) -> String {
    let part = |path: &str| path.split('.').nth(depth).map(str::to_owned);
    let groups = options.chunk_by(|(one, _), (other, _)| part(one) == part(other));
    groups
        .filter_map(|group| {
            let name = part(group.first()?.0)?;
            let inside = match group {
                [(path, text)] if path.split('.').count() == depth + 1 => (*text).clone(),
                _ => elements(group, depth + 1),
            };
            Some(format!("<{name}>{inside}</{name}>"))
        })
        .collect()
}

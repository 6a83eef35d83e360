//! Only the tests in this folder matter. The library is empty.

// Makes the replica set and the shop's user; what is there already stays. Run by the service `mongo-init`.
const fs = require("fs");

const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const admin = db.getSiblingDB("admin");
admin.auth("root", secret("password"));

try {
  rs.status();
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({
    _id: "souk",
    members: [
      // The first one has the users until the others have copied them.
      { _id: 0, host: "mongo-1:27017", priority: 2 },
      { _id: 1, host: "mongo-2:27017" },
      { _id: 2, host: "mongo-3:27017" },
    ],
  });
}
while (!db.hello().isWritablePrimary) sleep(200);

const souk = db.getSiblingDB("souk");
if (souk.getUser("souk") === null) {
  souk.createUser({ user: "souk", pwd: secret("souk_password"), roles: [{ role: "readWrite", db: "souk" }] });
}
print("the replica set is ready");
